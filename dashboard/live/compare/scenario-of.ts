import { bucketOf, midpointOf } from '../../../proxy/core/histogram.ts'
import type { StrategySpec } from '../../../proxy/core/registry.ts'
import type { ServerSnapshot, Snapshot } from '../../../proxy/core/snapshot.ts'
import type { ArrivalSpec } from '../../../simulator/arrivals.ts'
import { plural } from '../../../simulator/format.ts'
import type { FailureSpec, Scenario, ServerSpec } from '../../../simulator/scenario.ts'

/** What is known of now. */
export interface Measured {
  /** The last minute or less, as one. */
  readonly joined: Snapshot
  /** Requests in each second of it. */
  readonly counts: readonly number[]
  /** Requests in flight by server, on average. */
  readonly inflights: ReadonlyMap<string, number>
  readonly strategy: StrategySpec
  /** The most requests in flight by server, where it is known. */
  readonly limits: ReadonlyMap<string, number>
}

export interface Made {
  readonly scenario: Scenario
  /** What was taken for what, and what nobody can know from outside: a sentence each. */
  readonly remarks: readonly string[]
}

/** How long a run is: so many requests, within these bounds in milliseconds. */
const REQUESTS = 20_000
const [SHORTEST, LONGEST] = [20_000, 600_000]
/** Calm and bursts last so long on average, in milliseconds, where arrivals come in bursts: that is not measured. */
const SPELL = 5000
/** From that share of failures on it is told how long they take. */
const MOSTLY = 0.5
/** So far from 1, in standard deviations, the dispersion of counts has to be to say something. */
const SURE = 3

/** Seconds of measurements that a scenario needs. */
export const ENOUGH = 5

/** A scenario of what is measured just now; or, in a sentence, why there can be none. */
export function scenarioOf({
  counts,
  inflights,
  joined,
  limits,
  strategy,
}: Measured): Made | string {
  const up = joined.servers.filter(
    ({ attempts, state }) => (state === 'up' || state === 'full') && attempts.count > 0,
  )
  const able = up.filter(({ attempts }) => attempts.latency !== null)
  const { rate } = joined.requests
  if (counts.length < ENOUGH) return 'It needs five seconds of measurements first.'
  if (able.length === 0 || rate === 0) {
    return 'No server that is up has answered a request in the last minute: there is nothing to simulate.'
  }
  const arrivals = arrivalsOf(rate, counts)
  const pooled = pooledMean(able)
  const remarks = [
    `${plural(up.length, 'server')} that ${up.length === 1 ? 'is' : 'are'} up, ${arrivals.words}.`,
    'Service times are what the proxy measured, with the way there and back and whatever queueing there is inside a server: how many requests a server works at together cannot be seen from outside. So servers here answer each request in its own time, however many there are. They do not slow down under more load, as real ones would.',
    'One shape of service times for all servers, each as fast as its mean says. Retries as by default: one, with a budget of 20 %.',
  ]
  const servers = up.map((server): ServerSpec => {
    const { attempts, id, weight } = server
    const limit = limits.get(id)
    const failure = failureOf(server, inflights.get(id) ?? 0)
    return {
      id,
      discipline: 'infinite',
      // Of one of which nothing has come that was good nobody knows.
      speed: attempts.latency === null ? 1 : round(pooled / attempts.latency.mean),
      weight,
      ...(limit !== undefined && { max: limit }),
      ...(failure !== undefined && { failure }),
    }
  })
  if (servers.some(({ failure }) => failure?.after !== undefined)) {
    remarks.push(
      'How long failures take is not measured, but follows from how many requests a server had in flight on average (Little, "A Proof for the Queuing Formula: L = λW", 1961).',
    )
  }
  const duration = Math.min(LONGEST, Math.max(SHORTEST, (REQUESTS * 1000) / rate))
  return {
    scenario: {
      name: 'live',
      seed: 1,
      duration: Math.round(duration),
      arrivals: arrivals.spec,
      work: { type: 'empirical', ...shapeOf(able, pooled) },
      workOf: 'attempt',
      servers,
      strategy,
      policy: { retries: { attempts: 1, budget: 0.2, minPerSecond: 3 } },
    },
    remarks,
  }
}

/**
 * How often a server fails, and how long that takes: what is left of its requests in flight beside those of good answers. Of a few failures among
 * many that would be luck: they are left to take as long as good answers.
 */
function failureOf({ attempts }: ServerSnapshot, inflight: number): FailureSpec | undefined {
  const { error, refused } = attempts.outcomes
  const failed = error + refused
  if (failed === 0) return undefined
  const rate = round(failed / attempts.count)
  if (rate < MOSTLY) return { rate }
  const good = attempts.latency
  const all = (inflight * attempts.count) / attempts.rate
  const after = Math.max(0, (all - (good === null ? 0 : good.mean * good.count) / 1000) / failed)
  return { rate, after: round(after * 1000) }
}

/** By the index of dispersion for counts (Cox and Lewis, "The Statistical Analysis of Series of Events", 1966): 1 for Poisson arrivals. */
export function dispersion(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const spread = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1)
  return mean === 0 ? 1 : spread / mean
}

function arrivalsOf(
  rate: number,
  counts: readonly number[],
): { readonly spec: ArrivalSpec; readonly words: string } {
  const index = dispersion(counts)
  const doubt = SURE * Math.sqrt(2 / (counts.length - 1))
  const known = `requests a second vary by ${round(index)} times what chance alone would make`
  if (index < 1 - doubt) {
    return {
      spec: { type: 'paced', rate: round(rate) },
      words: `evenly spaced arrivals (${known})`,
    }
  }
  if (index <= 1 + doubt) {
    return { spec: { type: 'poisson', rate: round(rate) }, words: `arrivals by chance (${known})` }
  }
  // Of two equally long spells of rates r(1 - a) and r(1 + a): 1 + a²r times what is left of it over a second.
  const k = 2000 / SPELL
  const left = (2 / k ** 2) * (k - 1 + Math.exp(-k))
  const swing = Math.min(0.95, Math.sqrt((index - 1) / (rate * left)))
  return {
    spec: {
      type: 'bursts',
      calm: { rate: round(rate * (1 - swing)), mean: SPELL },
      burst: { rate: round(rate * (1 + swing)), mean: SPELL },
    },
    words: `arrivals in bursts (${known}; that calm and burst take ${SPELL / 1000} s each is a guess)`,
  }
}

function pooledMean(servers: readonly ServerSnapshot[]): number {
  let sum = 0
  let count = 0
  for (const { attempts } of servers) {
    sum += attempts.latency!.mean * attempts.latency!.count
    count += attempts.latency!.count
  }
  return sum / count
}

/** All servers' times, each as if its server were as fast as the mean of all. */
function shapeOf(
  servers: readonly ServerSnapshot[],
  pooled: number,
): { values: number[]; weights: number[] } {
  const merged = new Map<number, number>()
  for (const { attempts } of servers) {
    const { buckets, mean } = attempts.latency!
    for (let i = 0; i < buckets.length; i += 2) {
      const bucket = bucketOf((midpointOf(buckets[i]) * pooled) / mean)
      merged.set(bucket, (merged.get(bucket) ?? 0) + buckets[i + 1])
    }
  }
  const sorted = [...merged].toSorted(([a], [b]) => a - b)
  return {
    values: sorted.map(([bucket]) => round(midpointOf(bucket))),
    weights: sorted.map(([, count]) => count),
  }
}

/** As many digits as mean something, so that the scenario can be read. */
function round(value: number): number {
  return Number(value.toPrecision(4))
}
