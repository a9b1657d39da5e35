import { Histogram } from '../core/histogram.ts'
import type { LatencySummary } from '../core/snapshot.ts'
import { summarize } from '../core/tally.ts'
import { TunnelCounts, type TunnelFigures } from './tunnel-counts.ts'

/** Counters as plain data, for another thread. */
export interface CountersSnapshot {
  byClass: number[]
  retries: Record<string, number>
  refused: Record<string, number>
  sessions: Record<string, number>
  turnedAway: Record<string, number>
  connect: LatencySummary | null
  tunnels: Record<string, TunnelFigures>
}

/** What the proxy counts beyond the recorder: things that only exist where there is HTTP. */
export class Counters {
  /** Final answers to clients by first digit of the status: index 1 to 5; 0 counts clients that left before an answer. */
  readonly byClass = new Float64Array(6)
  /** Retries by why the try before failed: an `Outcome`, or `stale_connection`; `hedge`: it had not failed, but took long. */
  readonly retries: Record<string, number> = {}
  /** Answers of the proxy to requests of which no server saw a byte, by their fixed word (`bad_request`, `no_server`, …). */
  readonly refused: Record<string, number> = {}
  /** Requests that a server saw, by what became of their session: see `SESSION_WORDS`. */
  readonly sessions: Record<string, number> = {}
  /** Connections that were not let in, by why. */
  readonly turnedAway: Record<string, number> = {}
  /** Milliseconds until an attempt had a connection (0.0 for one that was kept alive). */
  readonly connect = new Histogram()
  readonly tunnels = new TunnelCounts()

  static increase(counts: Record<string, number>, word: string): void {
    counts[word] = (counts[word] ?? 0) + 1
  }

  snapshot(): CountersSnapshot {
    const { byClass, connect, refused, retries, sessions, tunnels, turnedAway } = this
    return {
      byClass: [...byClass],
      retries: { ...retries },
      refused: { ...refused },
      sessions: { ...sessions },
      turnedAway: { ...turnedAway },
      connect: summarize(connect),
      tunnels: tunnels.snapshot(),
    }
  }

  /** Forgets everything, and counts what these have counted together. */
  become(parts: readonly CountersSnapshot[]): void {
    this.byClass.fill(0)
    this.connect.clear()
    this.tunnels.become(parts.map(({ tunnels }) => tunnels))
    for (const counts of [this.retries, this.refused, this.sessions, this.turnedAway]) {
      for (const word of Object.keys(counts)) counts[word] = 0
    }
    for (const part of parts) {
      part.byClass.forEach((count, i) => (this.byClass[i] += count))
      addAll(this.retries, part.retries)
      addAll(this.refused, part.refused)
      addAll(this.sessions, part.sessions)
      addAll(this.turnedAway, part.turnedAway)
      if (part.connect === null) continue
      const { buckets, count, max, mean, min } = part.connect
      this.connect.addSparse(buckets, mean * count, min, max)
    }
  }
}

function addAll(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [word, count] of Object.entries(more)) counts[word] = (counts[word] ?? 0) + count
}
