import { choice, number, prime, whole } from '../core/options.ts'
import {
  entry,
  findIn,
  type Resolved,
  resolveIn,
  type StrategyEntry,
  type StrategySpec,
} from '../core/registry.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import { APERTURE_OPTIONS, Aperture, checkAperture } from './aperture.ts'
import { BoundedLoad } from './bounded-load.ts'
import { Edf, EDF_OPTIONS } from './edf.ts'
import { First } from './first.ts'
import { JOIN_IDLE_QUEUE_OPTIONS, JoinIdleQueue } from './join-idle-queue.ts'
import { LEAST_CONNECTIONS_OPTIONS, LeastConnections } from './least-connections.ts'
import { LEAST_RESPONSE_TIME_OPTIONS, LeastResponseTime } from './least-response-time.ts'
import { LeastWork } from './least-work.ts'
import { Maglev } from './maglev.ts'
import { PEAK_EWMA_OPTIONS, PeakEwma } from './peak-ewma.ts'
import { POWER_OF_TWO_OPTIONS, PowerOfTwo } from './power-of-two.ts'
import { PREQUAL_OPTIONS, Prequal } from './prequal.ts'
import { Random } from './random.ts'
import { Rendezvous } from './rendezvous.ts'
import { REPORTED_LOAD_OPTIONS, ReportedLoad } from './reported-load.ts'
import { RingHash } from './ring-hash.ts'
import { RoundRobin } from './round-robin.ts'
import { SmoothWeighted } from './smooth-weighted.ts'
import { StaticStride } from './static-stride.ts'

export type { SpecProblem, StrategyEntry, StrategySpec } from '../core/registry.ts'

/** Every strategy there is, in the order in which lists show them. */
export const STRATEGIES: readonly StrategyEntry[] = [
  entry({
    name: 'round_robin',
    aliases: ['rr'],
    summary: 'in turn, whatever weight and load',
    promise: 'equal',
    claims: ['turn'],
    create: (context) => new RoundRobin(context),
  }),
  entry({
    name: 'weighted_round_robin',
    aliases: ['wrr'],
    summary: 'in turn, in proportion to weight, smoothly',
    promise: 'weight',
    claims: ['smooth'],
    create: (context) => new SmoothWeighted(context),
  }),
  entry({
    name: 'static_stride',
    aliases: [],
    summary: 'in turn, in proportion to weight, with one counter and nothing to wait for',
    promise: 'weight',
    claims: ['stride'],
    create: (context) => new StaticStride(context),
  }),
  entry({
    name: 'edf',
    aliases: [],
    summary: 'in turn, in proportion to weight, by the earliest deadline',
    promise: 'weight',
    claims: ['deadlines'],
    options: EDF_OPTIONS,
    create: (context, values) => new Edf(context, values),
  }),
  entry({
    name: 'random',
    aliases: [],
    summary: 'drawn at random, in proportion to weight',
    promise: 'weight',
    claims: ['independent'],
    create: (context) => new Random(context),
  }),
  entry({
    name: 'least_connections',
    aliases: ['leastconn', 'least_conn'],
    summary: 'fewest requests in flight for its weight',
    promise: 'adaptive',
    claims: ['least'],
    options: LEAST_CONNECTIONS_OPTIONS,
    create: (context, values) => new LeastConnections(context, values),
  }),
  entry({
    name: 'least_response_time',
    aliases: ['least_time'],
    summary: 'lowest latency × in flight for its weight, forgetting with time',
    promise: 'adaptive',
    claims: ['forgives'],
    options: LEAST_RESPONSE_TIME_OPTIONS,
    create: (context, options) => new LeastResponseTime(context, options),
  }),
  entry({
    name: 'power_of_two',
    aliases: ['p2c'],
    summary: 'the less busy of two drawn at random',
    promise: 'adaptive',
    claims: ['choices'],
    options: POWER_OF_TWO_OPTIONS,
    create: (context, values) => new PowerOfTwo(context, values),
  }),
  entry({
    name: 'peak_ewma',
    aliases: ['ewma'],
    summary: 'of two drawn at random, the lower peak latency × in flight for its weight',
    promise: 'adaptive',
    claims: ['forgives'],
    options: PEAK_EWMA_OPTIONS,
    create: (context, options) => new PeakEwma(context, options),
  }),
  entry({
    name: 'ring_hash',
    aliases: ['consistent_hash'],
    summary: 'by key: the first server clockwise on a circle',
    promise: 'adaptive',
    keyed: true,
    claims: ['monotone'],
    options: { points: whole(1, 1000, 160, 'points on the circle for each unit of weight') },
    create: (context, values) => new RingHash(context, values),
  }),
  entry({
    name: 'maglev',
    aliases: [],
    summary: 'by key: a look into a table that the servers fill in turn',
    promise: 'adaptive',
    keyed: true,
    claims: ['nearly_monotone', 'by_weight'],
    options: { size: prime(7, 5_000_011, 65_537, 'slots of the table; 100 a server or more') },
    create: (context, values) => new Maglev(context, values),
  }),
  entry({
    name: 'rendezvous',
    aliases: ['hrw'],
    summary: 'by key: the server that scores highest for it',
    promise: 'adaptive',
    keyed: true,
    claims: ['monotone', 'by_weight'],
    create: () => new Rendezvous(),
  }),
  entry({
    name: 'bounded_load',
    aliases: [],
    summary: 'by key, but passed on by a server that has more than its share',
    promise: 'adaptive',
    keyed: true,
    claims: ['capped', 'monotone'],
    options: {
      over: choice(['ring', 'rendezvous'], 'ring', 'who comes next for a key'),
      factor: number(1, 10, 1.25, 'how many times its share a server may have in flight'),
      cap: choice(['strict', 'loose'], 'strict', 'with the new request, or without'),
    },
    create: (context, values) => new BoundedLoad(context, values),
  }),
  entry({
    name: 'join_idle_queue',
    aliases: ['jiq'],
    summary: 'the longest idle; if none is, any at random',
    promise: 'adaptive',
    claims: ['idle_first'],
    options: JOIN_IDLE_QUEUE_OPTIONS,
    create: (context, options) => new JoinIdleQueue(context, options),
  }),
  entry({
    name: 'prequal',
    aliases: [],
    summary: 'asks ahead: the quickest of those not too busy',
    promise: 'adaptive',
    options: PREQUAL_OPTIONS,
    create: (context, options) => new Prequal(context, options),
  }),
  entry({
    name: 'first',
    aliases: [],
    summary: 'the first of the list that has room',
    promise: 'adaptive',
    claims: ['in_order'],
    create: () => new First(),
  }),
  entry({
    name: 'least_work',
    aliases: ['lwl'],
    summary: 'the least work to do, which only a simulator knows',
    promise: 'adaptive',
    claims: ['least_work'],
    simulatorOnly: true,
    create: (context) => new LeastWork(context),
  }),
  entry({
    name: 'aperture',
    aliases: [],
    summary: 'another strategy over a subset of the servers',
    promise: 'adaptive',
    around: () => 'adaptive',
    options: APERTURE_OPTIONS,
    check: checkAperture,
    create: (context, options) => new Aperture(context, options, factoryOf(options.over)),
  }),
  entry({
    name: 'reported_load',
    aliases: [],
    summary: 'another strategy with weights from what servers report',
    promise: 'adaptive',
    around: (promise) => (promise === 'equal' ? 'equal' : 'adaptive'),
    options: REPORTED_LOAD_OPTIONS,
    create: (context, options) => new ReportedLoad(context, options, factoryOf(options.over)),
  }),
]

/** The strategy of that name or alias; undefined if there is none. */
export function findStrategy(name: string): StrategyEntry | undefined {
  return findIn(STRATEGIES, name)
}

/** The strategy of that spec, with its options; or all that is wrong with it. */
export function resolveStrategy(spec: StrategySpec): Resolved {
  return resolveIn(STRATEGIES, spec)
}

/** Throws a `RangeError` if anything is wrong with the spec; `resolveStrategy` says what. */
function factoryOf(spec: StrategySpec): StrategyFactory {
  const resolved = resolveStrategy(spec)
  if ('factory' in resolved) return resolved.factory
  const faults = resolved.problems.map(({ name, rule }) => `${name} ${rule}`)
  throw new RangeError(faults.join('; '))
}
