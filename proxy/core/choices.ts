import type { DueShare } from './due-share.ts'
import type { Endpoint } from './endpoint.ts'
import { EXCLUSIONS, Exclusions, SUBSET } from './exclusions.ts'
import type { Eligibility } from './eligibility.ts'
import type { Memory } from './memory.ts'
import type { Roster } from './roster.ts'
import { Sight } from './sight.ts'
import type { SharePromise, Strategy } from './strategy.ts'

/** How often a server was chosen, by strategy, and passed over, by reason: plain data. */
export interface ServerChoices {
  readonly picks: Readonly<Record<string, number>>
  /** By place in `EXCLUSIONS`. */
  readonly excluded: readonly number[]
}

/** Stands for a strategy where there was no choice: the session was there. */
const STICKY = 'sticky'

/** What one strategy had picked before its present time in office, by slot. */
interface Past {
  readonly strategy: string
  readonly picks: Float64Array
}

/** Counts who is chosen, and who is passed over. Another strategy begins another count, and what was counted stays. */
export class Choices {
  readonly exclusions: Exclusions
  /** Where decisions are written down just before they are made; undefined: nowhere. */
  sight: Sight | undefined = undefined
  private readonly memory: Memory
  private readonly due: DueShare
  private readonly past: Past[] = []
  private present: Past | undefined
  /** By slot: all picks when the present strategy took office. */
  private readonly since: Float64Array
  /** By slot: what went there because its session is there. */
  private readonly stuck: Float64Array

  constructor(memory: Memory, due: DueShare) {
    this.exclusions = new Exclusions(memory)
    this.memory = memory
    this.due = due
    this.since = memory.ownFloatPerSlot()
    this.stuck = memory.ownFloatPerSlot()
  }

  /** From here on it is that strategy that picks, and this is what it promises. */
  follow(strategy: string, promise: SharePromise): void {
    const { due, past, present, since } = this
    due.follow(promise)
    for (let slot = 0; slot < since.length; slot++) {
      const picks = due.picksOf(slot)
      if (present !== undefined) present.picks[slot] += picks - since[slot]
      since[slot] = picks
    }
    let found = past.find((each) => each.strategy === strategy)
    if (found === undefined) {
      found = { strategy, picks: this.memory.ownFloatPerSlot() }
      past.push(found)
    }
    this.present = found
  }

  /** Hot: a request went where its session is; no strategy was asked. */
  stick(slot: number): void {
    this.due.keep(slot)
    this.stuck[slot]++
    this.since[slot]++
  }

  /** From here on decisions are written down. */
  open(inflights: Int32Array, roster: Roster, eligibility: Eligibility): Sight {
    return (this.sight ??= new Sight(inflights, this.exclusions, roster, eligibility))
  }

  /** Brings all counts up to date. */
  settle(): void {
    this.due.settle()
    this.exclusions.settle()
  }

  /** The strategy has been told who is eligible: those that it does not use are passed over. */
  subset(strategy: Strategy, eligible: readonly Endpoint[]): void {
    if (strategy.leavesOut === undefined) return
    for (const server of eligible) {
      if (strategy.leavesOut(server)) this.exclusions.note(server.slot, SUBSET)
    }
  }

  /** Hot: that one has got a request, `picked` by the strategy; those `tried` had their try of it. */
  count(
    server: Endpoint,
    picked: boolean,
    attempt: number,
    tried: readonly Endpoint[] | undefined,
  ): void {
    if (attempt === 0) this.due.count(server.slot)
    this.sight?.chose(server)
    this.exclusions.count(picked)
    if (tried === undefined) return
    for (let i = 0; i < tried.length; i++) {
      const each = tried[i]
      if (each !== server && each.slot >= 0) this.exclusions.tried(each.slot)
    }
  }

  of({ slot }: Endpoint): ServerChoices {
    const { due, exclusions, past, present, since, stuck } = this
    const picks: Record<string, number> = stuck[slot] > 0 ? { [STICKY]: stuck[slot] } : {}
    for (const each of past) {
      const now = each === present ? due.picksOf(slot) - since[slot] : 0
      picks[each.strategy] = each.picks[slot] + now
    }
    return { picks, excluded: EXCLUSIONS.map((_, reason) => exclusions.of(slot, reason)) }
  }

  /** By id. */
  all(servers: readonly Endpoint[]): Record<string, ServerChoices> {
    return Object.fromEntries(servers.map((server) => [server.id, this.of(server)]))
  }
}

/** What several threads have counted of the same servers, by id. */
export function mergeChoices(
  parts: readonly Readonly<Record<string, ServerChoices>>[],
): Record<string, ServerChoices> {
  const sum = new Map<string, { picks: Record<string, number>; excluded: number[] }>()
  for (const part of parts) {
    for (const [id, { excluded, picks }] of Object.entries(part)) {
      const all = sum.get(id) ?? { picks: {}, excluded: EXCLUSIONS.map(() => 0) }
      sum.set(id, all)
      excluded.forEach((count, reason) => (all.excluded[reason] += count))
      for (const [strategy, count] of Object.entries(picks)) {
        all.picks[strategy] = (all.picks[strategy] ?? 0) + count
      }
    }
  }
  return Object.fromEntries(sum)
}
