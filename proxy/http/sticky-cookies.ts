import type { Balancer } from '../core/balancer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { StickyCookieSettings } from '../settings.ts'
import { cookieValues, removeCookie, sets } from './cookies.ts'
import type { Downstream } from './downstream.ts'
import { fieldOf } from './fields.ts'
import { type Opened, SessionSeal } from './session-seal.ts'
import { Session, type SessionWord, type Stickiness, type StickinessContext } from './session.ts'

/** So many cookies of our name are tried: another site of the domain can set some beside ours, and each costs a hash. */
const MOST_TRIED = 4

/**
 * Sessions whose server a cookie names, as with HAProxy's `cookie … insert indirect nocache`: set by the first answer, again when the
 * server changes or half of its life is over, and never shown to servers. One that cannot be used is as good as none.
 */
export class StickyCookies implements Stickiness {
  readonly name: string
  private readonly settings: StickyCookieSettings
  private readonly seal: SessionSeal
  private readonly balancer: Balancer
  private readonly now: () => number
  /** In seconds; 0: as long as the browser is open. */
  private readonly life: number
  private readonly attributes: string
  /** By secret: which server a name stands for. */
  private readonly named: Map<string, Endpoint>[]
  /** Those whose names are known. */
  private learnt: readonly Endpoint[] = []

  constructor(settings: StickyCookieSettings, { balancer, now }: StickinessContext) {
    const { name, path, secrets, ttl } = settings
    this.name = name
    this.settings = settings
    this.seal = new SessionSeal(secrets)
    this.balancer = balancer
    this.now = now
    this.life = ttl === undefined ? 0 : Math.ceil(ttl / 1000)
    const age = ttl === undefined ? '' : `; Max-Age=${this.life}`
    this.attributes = `; Path=${path}${age}; HttpOnly; SameSite=Lax`
    this.named = secrets.map(() => new Map<string, Endpoint>())
  }

  begin(request: Downstream, fields: string[]): Session {
    const values = cookieValues(request.fields, this.name, MOST_TRIED)
    if (values.length === 0) return new CookieSession(this, fields, undefined, 'new', true)
    removeCookie(fields, this.name)
    for (const value of values) {
      const opened = this.seal.open(value)
      if (opened === undefined || this.expired(opened)) continue
      const server = this.serverOf(opened)
      const word = server === undefined ? 'lost' : 'kept'
      return new CookieSession(this, fields, server, word, this.ages(opened))
    }
    return new CookieSession(this, fields, undefined, 'invalid', true)
  }

  /** The whole value of a field `set-cookie` that keeps a session at this server. */
  fieldFor({ id }: Endpoint, secure: boolean): string {
    const expiry = this.life === 0 ? 0 : this.seconds + this.life
    const value = this.seal.seal(this.seal.nameOf(id), expiry)
    return `${this.settings.name}=${value}${this.attributes}${secure ? '; Secure' : ''}`
  }

  private get seconds(): number {
    return Math.floor(this.now() / 1000)
  }

  private expired({ expiry }: Opened): boolean {
    return expiry > 0 && expiry <= this.seconds
  }

  /** It should be set anew: by a secret that is being replaced, past half of its life, or made when lives had another length. */
  private ages({ expiry, secret }: Opened): boolean {
    if (secret > 0 || expiry > 0 !== this.life > 0) return true
    const left = expiry - this.seconds
    return expiry > 0 && (left * 2 <= this.life || left > this.life)
  }

  private serverOf({ name, secret }: Opened): Endpoint | undefined {
    const known = this.named[secret].get(name)
    if (known !== undefined && !known.removed) return known
    this.learn()
    return this.named[secret].get(name)
  }

  /** Names all servers, if they are not those that it knows. */
  private learn(): void {
    const { learnt, named, seal } = this
    const { servers } = this.balancer
    if (servers.length === learnt.length && servers.every((server, i) => server === learnt[i])) {
      return
    }
    this.learnt = [...servers]
    for (let secret = 0; secret < named.length; secret++) {
      named[secret].clear()
      for (const server of servers) named[secret].set(seal.nameOf(server.id, secret), server)
    }
  }
}

class CookieSession extends Session {
  private readonly cookies: StickyCookies
  private readonly request: readonly string[]
  /** What the client has is not enough, wherever it goes. */
  private readonly renew: boolean

  /** `request`: its fields as they go to the server. */
  constructor(
    cookies: StickyCookies,
    request: readonly string[],
    server: Endpoint | undefined,
    word: SessionWord,
    renew: boolean,
  ) {
    super(server, word)
    this.cookies = cookies
    this.request = request
    this.renew = renew
  }

  override answered(server: Endpoint, status: number, fields: string[]): void {
    const { cookies } = this
    removeSetCookie(fields, cookies.name)
    if (server === this.server && !this.renew) return
    if (status === 304 || isTargeted(fields)) return
    // What we say of the client's connection, or a proxy that is trusted.
    const secure = fieldOf(this.request, 'x-forwarded-proto')?.toLowerCase() === 'https'
    fields.push('Set-Cookie', cookies.fieldFor(server, secure))
    if (!isPrivate(fields)) fields.push('Cache-Control', 'private')
  }
}

/** A server that sets a cookie of our name would end the session. */
function removeSetCookie(fields: string[], name: string): void {
  let kept = 0
  for (let i = 0; i < fields.length; i += 2) {
    const isSet = fields[i].length === 10 && fields[i].toLowerCase() === 'set-cookie'
    if (isSet && sets(fields[i + 1], name)) continue
    fields[kept++] = fields[i]
    fields[kept++] = fields[i + 1]
  }
  fields.length = kept
}

/**
 * A shared cache may keep an answer in spite of its Set-Cookie (RFC 9111, section 7.3), and would give one client's cookie to all. Most
 * heed `Cache-Control: private`, the most restrictive of several directives; those that have a field of their own do not (RFC
 * 9213), nor does a 304 make them forget what they have. There the cookie waits for the next answer.
 */
function isTargeted(fields: readonly string[]): boolean {
  return TARGETED.some((name) => fieldOf(fields, name) !== undefined)
}

const TARGETED = ['cdn-cache-control', 'surrogate-control']
const PRIVATE = /(?:^|,)[ \t]*(?:private|no-store)[ \t]*(?:,|$)/i

function isPrivate(fields: readonly string[]): boolean {
  return PRIVATE.test(fieldOf(fields, 'cache-control', true) ?? '')
}
