import type { Tally } from '../../proxy/core/snapshot.ts'
import type { RunResult } from '../../simulator/result.ts'
import type { Machine } from '../bench/machine.ts'
import type { Way } from './calibration.ts'
import type { Pair } from './pair.ts'
import type { Twins } from './twins.ts'

/** For programs: all that is known, each run's own figures as well, but no histograms. */
export function jsonReport(found: Twins, version: string, machine: Machine): string {
  const { calibration, interrupted, scenarios } = found
  const result = {
    evenkeel: version,
    machine,
    interrupted,
    calibration:
      calibration === undefined
        ? null
        : { front: way(calibration.front), behind: way(calibration.behind) },
    scenarios: scenarios.map(({ asked, findings, rankings, scenario }) => ({
      scenario: { ...scenario, strategy: undefined },
      strategies: findings.map(({ pairs, ...finding }) => ({ ...finding, runs: pairs.map(pair) })),
      rankings,
      ...(asked !== undefined && { thresholds: asked.verdicts, again: asked.again }),
    })),
  }
  return `${JSON.stringify(result, rounded, 1)}\n`
}

function way({ values, ...spread }: Way): object {
  return { ...spread, values: values.join(' ') }
}

function pair({ bare, measured, predicted, ...rest }: Pair): object {
  return { ...rest, measured: run(measured), predicted: columns(predicted), bare: run(bare) }
}

function run({ fairness, generated, requests, retries, servers }: RunResult): object {
  return {
    generated,
    ...tally(requests),
    retries,
    fairness,
    servers: servers.map(({ attempts, id, inHand, share, utilization }) => {
      const { count, outcomes } = attempts
      return { id, count, outcomes, share, utilization, inHand }
    }),
  }
}

/** Of many runs what is compared, in their order. */
function columns(runs: readonly RunResult[]): object {
  const of = (key: 'p50' | 'p95' | 'p99') => runs.map(({ requests }) => requests.latency?.[key])
  return { p50: of('p50').join(' '), p95: of('p95').join(' '), p99: of('p99').join(' ') }
}

function tally({ count, latency, outcomes }: Tally): object {
  if (latency === null) return { count, outcomes, latency }
  const { buckets: _, ...figures } = latency
  return { count, outcomes, latency: figures }
}

/** Six figures are below the noise of all that is measured here. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? +value.toPrecision(6) : value
}
