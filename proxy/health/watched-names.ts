import { Rng } from '../core/rng.ts'
import type { Servers } from '../servers.ts'
import type { DnsSettings, NameSettings } from '../upstream-settings.ts'
import { Names } from './names.ts'

/** How often to look whether an answer is too old, in milliseconds. */
const TICK = 100

const now = (): number => performance.now()

/** Names that are looked after as long as the process lives. Where several threads serve, in the main one: they follow. */
export class WatchedNames extends Names {
  constructor(
    names: readonly NameSettings[],
    dns: DnsSettings,
    servers: Servers,
    say: (message: string) => void,
    seed = (Math.random() * 2 ** 32) >>> 0,
  ) {
    super(names, dns, { servers, rng: new Rng(seed), touch: now, say })
  }

  override async begin(): Promise<void> {
    await super.begin()
    setInterval(() => this.tick(now()), TICK).unref()
  }
}
