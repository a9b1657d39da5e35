import { Tally } from '../../proxy/core/tally.ts'
import { interval } from '../../simulator/statistics/interval.ts'
import type { RunResult } from '../../simulator/result.ts'
import { GOAL, partOf, type Percentile } from './goal.ts'
import { judgeError } from './judging.ts'
import type { Pair } from './pair.ts'

/** Foretold, measured (of all runs together), and how far the first is off. */
export interface Figure {
  readonly predicted: number
  /** What was foretold at least and at most. */
  readonly low: number
  readonly high: number
  readonly measured: number
  /** As a share of what was measured; above 0: foretold too long. */
  readonly error: number
  /** Half the 95 % interval of that error over the runs, each with a seed of its own; null for one run, which says nothing of its spread. */
  readonly half: number | null
  /** The error without a calibration. */
  readonly bare: number
}

/** Of the server for which it is most. */
export interface ShareError {
  readonly server: string
  readonly measured: number
  readonly predicted: number
  /** What was foretold at least and at most. */
  readonly low: number
  readonly high: number
  /** 0.01 is a point. */
  readonly error: number
}

/** What came of one strategy in one scenario. */
export interface Finding {
  readonly strategy: string
  readonly pairs: readonly Pair[]
  /** Null where no request ended well. */
  readonly percentiles: Readonly<Record<Percentile, Figure>> | null
  /** How far the share of that server is off for which it is most; 0.01 is a point. */
  readonly share: ShareError
  /** Requests that did not end well, as a share of all. */
  readonly failed: { readonly predicted: number; readonly measured: number }
  readonly disturbed: readonly string[]
  /** What of the goal is missed: empty if it is met. */
  readonly missed: readonly string[]
}

export function findingOf(strategy: string, pairs: readonly Pair[]): Finding {
  const percentiles = percentilesOf(pairs)
  const share = shareOf(pairs)
  const failed = {
    predicted: failedOf(pairs.flatMap(({ predicted }) => predicted)),
    measured: failedOf(pairs.map(({ measured }) => measured)),
  }
  const disturbed = pairs.flatMap((pair) => pair.disturbed)
  const compared = { pairs, percentiles, share }
  // By the figures alone: what was disturbed is told beside it.
  const missed = GOAL.filter((each) => {
    return judgeError(each, { ...compared, disturbed: [] }).verdict === 'fail'
  }).map(partOf)
  return { strategy, ...compared, failed, disturbed, missed }
}

function percentilesOf(pairs: readonly Pair[]): Finding['percentiles'] {
  const predicted = pooled(pairs.flatMap((pair) => pair.predicted))
  const measured = pooled(pairs.map((pair) => pair.measured))
  const bare = pooled(pairs.map((pair) => pair.bare))
  const each = pairs[0].predicted.flatMap((_, i) => {
    return pooled(pairs.map((pair) => pair.predicted[i])) ?? []
  })
  if (predicted === null || measured === null || bare === null) return null
  const figure = (key: Percentile): Figure => {
    const errors = pairs.flatMap((pair) => {
      const [ours, theirs] = [pooled(pair.predicted), pair.measured.requests.latency]
      return ours === null || theirs === null ? [] : [ours[key] / theirs[key] - 1]
    })
    return {
      predicted: predicted[key],
      low: Math.min(...each.map((latency) => latency[key])),
      high: Math.max(...each.map((latency) => latency[key])),
      measured: measured[key],
      error: predicted[key] / measured[key] - 1,
      half: errors.length > 1 ? interval(errors).half : null,
      bare: bare[key] / measured[key] - 1,
    }
  }
  return { p50: figure('p50'), p95: figure('p95'), p99: figure('p99') }
}

/** Of all requests of all runs; null where none ended well. */
function pooled(runs: readonly RunResult[]) {
  const tally = new Tally()
  for (const { requests } of runs) tally.addSnapshot(requests)
  return tally.snapshot(1).latency
}

function shareOf(pairs: readonly Pair[]): ShareError {
  const measured = sharesOf(pairs.map((pair) => pair.measured))
  const predicted = sharesOf(pairs.flatMap((pair) => pair.predicted))
  const each = pairs[0].predicted.map((_, i) => sharesOf(pairs.map((pair) => pair.predicted[i])))
  const errorOf = (id: string): number => (predicted.get(id) ?? 0) - (measured.get(id) ?? 0)
  const [server] = [...measured.keys()].sort((a, b) => Math.abs(errorOf(b)) - Math.abs(errorOf(a)))
  const all = each.map((shares) => shares.get(server) ?? 0)
  return {
    server,
    measured: measured.get(server) ?? 0,
    predicted: predicted.get(server) ?? 0,
    low: Math.min(...all),
    high: Math.max(...all),
    error: errorOf(server),
  }
}

function sharesOf(runs: readonly RunResult[]): Map<string, number> {
  const counts = new Map<string, number>()
  let all = 0
  for (const { servers } of runs) {
    for (const { attempts, id } of servers) {
      counts.set(id, (counts.get(id) ?? 0) + attempts.count)
      all += attempts.count
    }
  }
  return new Map([...counts].map(([id, count]) => [id, all > 0 ? count / all : 0]))
}

function failedOf(runs: readonly RunResult[]): number {
  let all = 0
  let ok = 0
  for (const { requests } of runs) {
    all += requests.count - requests.outcomes.aborted
    ok += requests.outcomes.ok
  }
  return all > 0 ? (all - ok) / all : 0
}
