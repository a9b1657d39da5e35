import type { Tally } from '../../proxy/core/snapshot.ts'
import type { RunResult } from '../../simulator/result.ts'
import type { Machine } from '../bench/machine.ts'
import type { Pair } from './pair.ts'
import type { Twins } from './twins.ts'

/** For programs: all that is known, each run's own figures as well, but no histograms. */
export function jsonReport(found: Twins, version: string, machine: Machine): string {
  const { calibration, interrupted, scenarios } = found
  const result = {
    evenkeel: version,
    machine,
    interrupted,
    calibration: { ...calibration, values: calibration.values },
    scenarios: scenarios.map(({ findings, rankings, scenario }) => ({
      scenario: { ...scenario, strategy: undefined },
      strategies: findings.map(({ pairs, ...finding }) => ({ ...finding, runs: pairs.map(pair) })),
      rankings,
    })),
  }
  return `${JSON.stringify(result, rounded, 1)}\n`
}

function pair({ bare, measured, predicted, ...rest }: Pair): object {
  return { ...rest, measured: run(measured), predicted: predicted.map(short), bare: run(bare) }
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

/** One of many. */
function short({ requests, servers }: RunResult): object {
  const { latency, outcomes } = requests
  const { mean = null, p50 = null, p95 = null, p99 = null } = latency ?? {}
  return { ok: outcomes.ok, mean, p50, p95, p99, shares: servers.map(({ share }) => share) }
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
