import type { Memory } from './memory.ts'

/** Why a server is passed over, in a word; 0: it is not. Those up to `full` are its own doing, the others the pool's. */
export const EXCLUSIONS = [
  '',
  'maint',
  'draining',
  'weight',
  'checking',
  'down',
  'ejected',
  'full',
  /** There is somebody who is no backup. */
  'backup',
  /** The strategy uses only some of the servers. */
  'subset',
  /** It had its try of this request. */
  'tried',
] as const

export type Exclusion = Exclude<(typeof EXCLUSIONS)[number], ''>

export const MAINT = 1
export const DRAINING = 2
export const WEIGHT = 3
export const CHECKING = 4
export const DOWN = 5
export const EJECTED = 6
export const FULL = 7
export const BACKUP = 8
export const SUBSET = 9
const TRIED = 10

/** Who is passed over, and why, while that stays the same: for whoever keeps it. */
export interface Excluded {
  readonly slots: Int32Array
  /** Places in `EXCLUSIONS`. */
  readonly reasons: Uint8Array
}

/**
 * Counts how often each server was passed over, by reason. Who is passed over changes with the eligible set, so that is noted once for
 * each set, and a decision costs one addition: the counts are brought up to date when the set changes, and when somebody asks.
 *
 * A decision counts if somebody got the request; each thread counts its own.
 */
export class Exclusions {
  /** By reason, then by slot. */
  private readonly counts: readonly Float64Array[]
  private readonly slots: Int32Array
  private readonly reasons: Uint8Array
  private noted = 0
  private kept: Excluded | undefined
  /** Since the counts were brought up to date: all decisions, and those of the strategy. */
  private decisions = 0
  private picks = 0

  constructor(memory: Memory) {
    this.counts = EXCLUSIONS.map(() => memory.ownFloatPerSlot())
    this.slots = new Int32Array(memory.slots)
    this.reasons = new Uint8Array(memory.slots)
  }

  /** Another set: nobody is passed over, until `note` says so. */
  begin(): void {
    this.settle()
    this.noted = 0
    this.kept = undefined
  }

  note(slot: number, reason: number): void {
    this.slots[this.noted] = slot
    this.reasons[this.noted++] = reason
  }

  /** Hot: somebody got a request; `picked`: by the strategy. */
  count(picked: boolean): void {
    this.decisions++
    if (picked) this.picks++
  }

  /** A request went to somebody else because this server has had its try. */
  tried(slot: number): void {
    this.counts[TRIED][slot]++
  }

  /** Who is passed over now. The same object until that changes. */
  get now(): Excluded {
    const { noted, reasons, slots } = this
    this.kept ??= { slots: slots.slice(0, noted), reasons: reasons.slice(0, noted) }
    return this.kept
  }

  /** How often the server in this slot was passed over for that reason. */
  of(slot: number, reason: number): number {
    this.settle()
    return this.counts[reason][slot]
  }

  /** Brings the counts up to date. */
  settle(): void {
    const { counts, decisions, noted, picks, reasons, slots } = this
    if (decisions === 0) return
    for (let i = 0; i < noted; i++) {
      // Who tries again goes past the strategy, and past its subset.
      counts[reasons[i]][slots[i]] += reasons[i] === SUBSET ? picks : decisions
    }
    this.decisions = 0
    this.picks = 0
  }
}
