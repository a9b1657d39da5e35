import type { Replay } from '../../../simulator/study/replay.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { Trace } from '../../../simulator/trace/collector.ts'
import type { WorkSpec } from '../../../simulator/work.ts'
import { tidied } from '../sentence/servers.ts'

/** `base` with the times, keys and, where it knows any, the work of a log in place of its own; as `evenkeel sim --trace` does it. */
export function replayScenario(
  base: Scenario,
  name: string,
  { keys, times, work }: Trace,
): Scenario {
  const { keys: _, ...rest } = base
  return tidied({
    ...rest,
    name,
    duration: Math.floor(times[times.length - 1]) + 1,
    arrivals: { type: 'trace', times },
    work: work === undefined ? drawn(base.work) : recorded(work),
    ...(keys !== undefined && { keys: { type: 'hashes', hashes: keys } }),
  })
}

/**
 * What a link says in place of a replayed log: as many requests, by chance, and work of the same mean. Who has the log gets the same scenario of it
 * again. Undefined where only the work is of a log: nobody could put that together again.
 */
export function withoutLog(scenario: Scenario): Scenario | undefined {
  const { arrivals, keys, work, ...rest } = scenario
  if (arrivals.type !== 'trace') return work.type === 'recorded' ? undefined : scenario
  const rate = (arrivals.times.length * 1000) / rest.duration
  return {
    ...rest,
    arrivals: { type: 'poisson', rate: Number(rate.toPrecision(4)) },
    work:
      work.type === 'recorded'
        ? { type: 'exponential', mean: Number(meanOf(work.values).toPrecision(4)) }
        : work,
    ...(keys !== undefined && keys.type !== 'hashes' && { keys }),
  }
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum > 0 ? sum / values.length : 1
}

/** What was recorded of another log is nothing to draw from. */
function drawn(work: WorkSpec): WorkSpec {
  return work.type === 'recorded' ? { type: 'exponential', mean: 10 } : work
}

function recorded(work: Float64Array): WorkSpec {
  let sum = 0
  let known = 0
  for (const value of work) {
    if (Number.isNaN(value)) continue
    sum += value
    known++
  }
  return {
    type: 'recorded',
    values: work.map((value) => (Number.isNaN(value) ? sum / known : value)),
  }
}

export function replayOf(
  name: string,
  trace: Trace,
  sha256: string,
  warnings: readonly string[],
): Replay {
  const timed = trace.work !== undefined
  return {
    name,
    requests: trace.count,
    sha256,
    speed: 1,
    spread: false,
    work: undefined,
    timed,
    warnings,
  }
}
