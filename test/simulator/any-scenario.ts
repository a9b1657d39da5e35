import fc from 'fast-check'
import type { DistributionSpec } from '../../simulator/distributions.ts'
import type { PolicySpec } from '../../simulator/policy.ts'
import type { EventSpec, OperatorChange, Scenario, ServerSpec } from '../../simulator/scenario.ts'

/** Scenarios of every kind, small and eventful, for laws that hold in all of them. */

const work: fc.Arbitrary<DistributionSpec> = fc.constantFrom<DistributionSpec[]>(
  { type: 'constant', value: 10 },
  { type: 'exponential', mean: 10 },
  { type: 'uniform', min: 0, max: 20 },
  { type: 'empirical', values: [0, 5, 5, 40] },
)

const server: fc.Arbitrary<ServerSpec> = fc.record(
  {
    count: fc.integer({ min: 1, max: 2 }),
    workers: fc.integer({ min: 1, max: 3 }),
    queue: fc.integer({ min: 0, max: 3 }),
    discipline: fc.constantFrom('fifo', 'lifo', 'sharing', 'infinite'),
    speed: fc.constantFrom(0.5, 1, 2),
    weight: fc.constantFrom(0, 1, 3),
    max: fc.integer({ min: 1, max: 4 }),
    backup: fc.boolean(),
    failure: fc.constantFrom({ rate: 0.3 }, { rate: 0.5, after: 1 }, { rate: 1, after: 0 }),
    cold: fc.constant({ requests: 3, factor: 4 }),
    cache: fc.constant({ entries: 2, hit: 0.1 }),
    antagonist: fc.constant({
      speed: 0.25,
      on: { type: 'constant', value: 30 },
      off: { type: 'exponential', mean: 50 },
    } as const),
    dropsExpired: fc.boolean(),
  },
  { requiredKeys: [] },
)

const policy: fc.Arbitrary<PolicySpec> = fc.record(
  {
    timeout: fc.constantFrom(5, 10, 25),
    total: fc.constantFrom(20, 50),
    retries: fc.record(
      {
        attempts: fc.integer({ min: 1, max: 3 }),
        budget: fc.constantFrom(0.2, 1),
        afterTimeout: fc.boolean(),
        afterAnswers: fc.boolean(),
        backoff: fc.constant({ base: 8, max: 30 }),
      },
      { requiredKeys: ['attempts'] },
    ),
    ejection: fc.constant({ consecutive: 2, base: 100, max: 300, share: 0.5 }),
    panic: fc.constantFrom(0, 0.5),
    slowStart: fc.constant({ duration: 200, aggression: 1, floor: 0.1 }),
    checks: fc.constant({ interval: 50, timeout: 20, fall: 2, rise: 1 }),
    queue: fc.constantFrom({ length: 3, timeout: 40 }, { length: 100, timeout: 1000 }),
    hedging: fc.constantFrom({ delay: 5 }, { delay: 12 }),
    sticky: fc.boolean(),
    cancels: fc.boolean(),
  },
  { requiredKeys: [] },
)

const at = fc.integer({ min: 0, max: 350 })
const some = fc.constantFrom('*', 's1', 's2', ['s1', 's3'])
const event: fc.Arbitrary<EventSpec> = fc.oneof(
  fc.record({ at, server: some, pause: fc.constantFrom(0, 15, 80) }),
  fc.record({ at, server: some, restart: fc.constantFrom(0, 15, 80) }),
  fc.record({
    at,
    server: some,
    outage: fc.constantFrom<('refuse' | 'hang' | false)[]>('refuse', 'hang', false),
  }),
  fc.record({ at, server: some, set: fc.constantFrom({ speed: 3 }, { failure: { rate: 0.9 } }) }),
  fc.record({
    at,
    server: some,
    operator: fc.constantFrom<OperatorChange[]>(
      { weight: 2 },
      { max: 1 },
      { admin: 'drain' },
      { admin: 'ready' },
    ),
  }),
  fc.record({ at, add: fc.constantFrom<ServerSpec[]>({ workers: 2 }, { discipline: 'sharing' }) }),
  fc.record({ at, remove: some }),
  fc.record({ at, strategy: fc.constantFrom('random', 'prequal', 'least_work', 'first') }),
  fc.record({ at, push: fc.constant(true) }),
)

/** Every strategy there is, some of them as they are used where servers speak. */
const strategy: fc.Arbitrary<Scenario['strategy']> = fc.constantFrom<Scenario['strategy'][]>(
  'round_robin',
  'weighted_round_robin',
  'random',
  'least_connections',
  'power_of_two',
  'peak_ewma',
  'least_response_time',
  'bounded_load',
  'maglev',
  'least_work',
  'first',
  'prequal',
  'reported_load',
  { name: 'join_idle_queue', notice: 'reported' },
)

export const anyScenario: fc.Arbitrary<Scenario> = fc.record(
  {
    name: fc.constant('any'),
    seed: fc.nat(1e6),
    duration: fc.constant(400),
    warmup: fc.constantFrom(0, 100),
    arrivals: fc.oneof(
      fc.constantFrom<Scenario['arrivals'][]>(
        { type: 'poisson', rate: 200 },
        { type: 'paced', rate: 400 },
        { type: 'closed', users: 6, think: { type: 'exponential', mean: 10 } },
        { type: 'closed', users: 3, think: { type: 'constant', value: 1 } },
      ),
      fc
        .array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
        .map((times) => ({ type: 'trace' as const, times: times.toSorted((a, b) => a - b) })),
    ),
    work,
    workOf: fc.constantFrom('request', 'attempt'),
    keys: fc.constant({ type: 'zipf', count: 5, exponent: 1 } as const),
    servers: fc.array(server, { minLength: 1, maxLength: 4 }),
    proxies: fc.integer({ min: 1, max: 3 }),
    strategy,
    policy,
    network: fc.constantFrom<DistributionSpec[]>(
      { type: 'constant', value: 1 },
      { type: 'exponential', mean: 2 },
    ),
    information: fc.constant({ every: 30 }),
    notices: fc.boolean(),
    events: fc.array(event, { maxLength: 4 }),
  },
  {
    requiredKeys: ['name', 'seed', 'duration', 'arrivals', 'work', 'servers', 'strategy'],
  },
)
