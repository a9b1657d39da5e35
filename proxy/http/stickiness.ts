import type { Balancer } from '../core/balancer.ts'
import { hash32 } from '../core/hash.ts'
import type { KeySource, StickinessSettings } from '../settings.ts'
import type { Downstream } from './downstream.ts'
import { type RequestKey, requestKey } from './request-key.ts'
import { Session, type Stickiness, type StickinessContext } from './session.ts'
import { StickyCookies } from './sticky-cookies.ts'

/** Undefined where it is switched off. */
export function stickinessBy(
  settings: StickinessSettings | false,
  context: StickinessContext,
): Stickiness | undefined {
  if (settings === false) return undefined
  if (typeof settings === 'object' && 'cookie' in settings) {
    return new StickyCookies(settings.cookie, context)
  }
  return new StickyKeys(settings, context)
}

/** Sessions that are known by what requests say of themselves: see `Homes`. Nothing is added to answers. */
class StickyKeys implements Stickiness {
  private readonly keyOf: RequestKey
  private readonly balancer: Balancer

  constructor(source: KeySource, { balancer, trusts }: StickinessContext) {
    this.keyOf = requestKey(source, trusts)
    this.balancer = balancer
  }

  begin(request: Downstream): Session {
    const key = this.keyOf(request)
    if (key === undefined) return new Session(undefined, 'new')
    const home = this.balancer.sessions.homeOf(hash32(key))
    return new Session(home, home === undefined ? 'lost' : 'kept')
  }
}
