import { Histogram } from '../core/histogram.ts'

/** What the proxy counts beyond the recorder: things that only exist where there is HTTP. */
export class Counters {
  /** Final answers to clients by first digit of the status: index 1 to 5; 0 counts clients that left before an answer. */
  readonly byClass = new Float64Array(6)
  /** Retries by why the try before failed: an `Outcome`, or `stale_connection`. */
  readonly retries: Record<string, number> = {}
  /** Answers of the proxy to requests of which no server saw a byte, by their fixed word (`bad_request`, `no_server`, …). */
  readonly refused: Record<string, number> = {}
  /** Milliseconds until an attempt had a connection (0.0 for one that was kept alive). */
  readonly connect = new Histogram()

  static increase(counts: Record<string, number>, word: string): void {
    counts[word] = (counts[word] ?? 0) + 1
  }
}
