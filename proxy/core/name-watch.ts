import type { Rng } from './rng.ts'

/** A server that a name stands for. */
export interface Found {
  readonly address: string
  readonly port: number
  readonly weight: number
  readonly backup: boolean
}

/** What came of asking for a name. `ttl`: in milliseconds. */
export type NameAnswer =
  | {
      readonly type: 'found'
      readonly found: readonly Found[]
      readonly ttl: number
      /** What of it nobody could say; empty or left out: all is fresh. */
      readonly trouble?: string
      /** So many more were named. */
      readonly left?: number
    }
  /** There is no such name, or there is nobody behind it. */
  | { readonly type: 'none'; readonly reason: string; readonly ttl: number }
  /** Nobody could say. */
  | { readonly type: 'failed'; readonly reason: string }

/** What has to be done, so that the servers are those of the name. */
export interface NameChanges {
  readonly add: readonly Found[]
  readonly remove: readonly Found[]
  /** Those that stay, but are of another weight or rank. */
  readonly change: readonly Found[]
}

export interface NameOptions {
  readonly minTtl: number
  readonly maxTtl: number
  readonly hold: number
}

/** An answer is asked for anew up to this share of its time later, so that proxies do not ask in step. */
const JITTER = 0.1
const NOTHING: NameChanges = { add: [], remove: [], change: [] }

/**
 * One name, by the answers that come: who comes, who goes, and when to ask again.
 *
 * An address that is missing in an answer goes at once, since somebody has taken it out (HAProxy: `hold obsolete 0s`). A name that
 * is gone altogether may be a slip, so its servers stay for a while (`hold nx 30s`). Where nobody can say, they stay: a stale
 * answer is better than none (RFC 8767), and whether servers live is the checks' affair.
 */
export class NameWatch {
  known: readonly Found[] = []
  /** On the clock that `heard` is called with. */
  nextAt = -Infinity
  /** Why the servers are not those of a fresh answer; empty if they are. */
  trouble = ''
  private options: NameOptions
  private readonly rng: Rng
  /** Since when the name is gone; -1: it is not. */
  private goneSince = -1
  private failures = 0

  constructor(options: NameOptions, rng: Rng) {
    this.options = options
    this.rng = rng
  }

  /** Other bounds, from the next answer on, which is wanted now. */
  use(options: NameOptions): void {
    this.options = options
    this.nextAt = -Infinity
  }

  heard(answer: NameAnswer, now: number): NameChanges {
    this.trouble = answer.type === 'found' ? (answer.trouble ?? '') : answer.reason
    this.failures = answer.type === 'failed' ? this.failures + 1 : 0
    if (answer.type === 'failed') {
      this.nextAt = now + this.spread(this.options.minTtl * 2 ** Math.min(this.failures - 1, 30))
      return NOTHING
    }
    this.nextAt = now + this.spread(answer.ttl)
    if (answer.type === 'none') return this.gone(now)
    this.goneSince = -1
    const changes = changesOf(this.known, answer.found)
    this.known = answer.found
    return changes
  }

  /** That one could not be added: it comes again with the next answer that has it. */
  refused(found: Found): void {
    const key = keyOf(found)
    this.known = this.known.filter((each) => keyOf(each) !== key)
  }

  private gone(now: number): NameChanges {
    if (this.known.length === 0) return NOTHING
    if (this.goneSince < 0) this.goneSince = now
    const end = this.goneSince + this.options.hold
    if (now < end) {
      this.nextAt = Math.min(this.nextAt, end)
      return NOTHING
    }
    const remove = this.known
    this.known = []
    this.goneSince = -1
    return { ...NOTHING, remove }
  }

  /** Within bounds, and a little later. */
  private spread(ttl: number): number {
    const { maxTtl, minTtl } = this.options
    return Math.min(Math.max(ttl, minTtl), maxTtl) * (1 + JITTER * this.rng.float())
  }
}

/** `address` and `port` tell one from another. */
function changesOf(before: readonly Found[], now: readonly Found[]): NameChanges {
  const old = new Map(before.map((found) => [keyOf(found), found]))
  const keys = new Set(now.map(keyOf))
  return {
    add: now.filter((found) => !old.has(keyOf(found))),
    remove: before.filter((found) => !keys.has(keyOf(found))),
    change: now.filter((found) => {
      const known = old.get(keyOf(found))
      return known !== undefined && (known.weight !== found.weight || known.backup !== found.backup)
    }),
  }
}

export function keyOf({ address, port }: Found): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
