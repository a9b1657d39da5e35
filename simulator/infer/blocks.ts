import type { Clock } from '../../proxy/core/clock.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { Histogram } from '../../proxy/core/histogram.ts'
import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import { RunRecorder } from '../run-recorder.ts'
import type { Book } from './book.ts'

/** What clients saw who came in one piece of the time. */
export class Block {
  readonly latency = new Histogram()
  /** Ended, and not because their client left; and of those, not well. */
  judged = 0
  failed = 0

  record(latency: number, outcome: Outcome): void {
    if (outcome === 'aborted') return
    this.judged++
    if (outcome === 'ok') this.latency.record(latency)
    else this.failed++
  }

  add(other: Block): void {
    this.latency.add(other.latency)
    this.judged += other.judged
    this.failed += other.failed
  }
}

/** Equal pieces of a time. */
export class Blocks {
  readonly all: readonly Block[]
  private readonly from: number
  private readonly span: number

  constructor(from: number, to: number, count: number) {
    this.all = Array.from({ length: count }, () => new Block())
    this.from = from
    this.span = (to - from) / count
  }

  /** Of a request that came at that time. */
  record(at: number, latency: number, outcome: Outcome): void {
    const place = Math.floor((at - this.from) / this.span)
    this.all[Math.min(this.all.length - 1, Math.max(0, place))].record(latency, outcome)
  }
}

/** Enough for an interval, and each long enough that what is left of the one before hardly matters. */
const [FEWEST, MOST] = [8, 40]
const SHORTEST = 2000

export function blocksIn(span: number): number {
  return Math.max(FEWEST, Math.min(MOST, Math.floor(span / SHORTEST)))
}

/** What the log itself says, of requests from place `from` of the book on. */
export function measuredBlocks(book: Book, from: number, count: number): Blocks {
  const { outcome, times, took } = book
  const blocks = new Blocks(times[from], times[book.count - 1], count)
  for (let i = from; i < book.count; i++) {
    if (!Number.isNaN(took[i])) blocks.record(times[i], took[i], OUTCOMES[outcome[i]])
  }
  return blocks
}

/** Records a run of a copy by when requests came. `clock` is set when there is one. `beside`: what each takes on top. */
export class BlockRecorder extends RunRecorder {
  clock: Clock | undefined
  private readonly blocks: Blocks
  private readonly beside: number
  private readonly onAttempt: ((id: string, start: number, end: number) => void) | undefined

  constructor(
    blocks: Blocks,
    beside: number,
    onAttempt?: (id: string, start: number, end: number) => void,
  ) {
    super()
    this.blocks = blocks
    this.beside = beside
    this.onAttempt = onAttempt
  }

  override attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    super.attempt(server, latency, outcome)
    this.onAttempt?.(server.id, this.clock!.now - latency, this.clock!.now)
  }

  override request(latency: number, attempts: number, outcome: Outcome): void {
    super.request(latency, attempts, outcome)
    this.blocks.record(this.clock!.now - latency, latency + this.beside, outcome)
  }
}
