import fc from 'fast-check'
import { STRATEGIES } from '../../proxy/strategies/index.ts'

/** Scenarios of all kinds, small enough to run by the hundred. Every field comes up, alone and beside others. */
const span = fc.double({ min: 1, max: 200, noNaN: true })
const spanOr0 = fc.oneof(fc.constant(0), span)
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const rate = fc.double({ min: 1, max: 2000, noNaN: true })
const type = <T extends string>(name: T) => fc.constant(name)

const some = <T extends Record<string, unknown>>(
  model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  requiredKeys: (keyof T)[] = [],
) => fc.record(model, { requiredKeys })

const anyDistribution = fc.oneof(
  fc.record({ type: type('constant'), value: span }),
  fc.record({ type: type('uniform'), min: spanOr0, max: span.map((each) => 200 + each) }),
  fc.record({ type: type('exponential'), mean: span }),
  fc.record({ type: type('erlang'), mean: span, stages: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    type: type('lognormal'),
    mean: span,
    cv: fc.double({ min: 0.1, max: 10, noNaN: true }),
  }),
  fc.record({
    type: type('hyperexponential'),
    mean: span,
    cv: fc.double({ min: 1, max: 10, noNaN: true }),
  }),
  fc.record({
    type: type('hyperexponential'),
    branches: fc.constant([
      { share: 0.25, mean: 40 },
      { share: 0.75, mean: 1 },
    ]),
  }),
  fc.record({
    type: type('bounded_pareto'),
    min: span,
    max: span.map((each) => 200.5 + each),
    shape: fc.constantFrom(0.5, 1, 1.5, 2, 3),
  }),
  fc.record({
    type: type('weibull'),
    mean: span,
    shape: fc.double({ min: 0.3, max: 5, noNaN: true }),
  }),
  fc.record({
    type: type('bimodal'),
    fast: span,
    slow: span.map((each) => 200 + each),
    slowShare: share,
  }),
  fc.record({ type: type('empirical'), values: fc.array(span, { minLength: 1, maxLength: 5 }) }),
)

const recordedWork = fc.record({
  type: type('recorded'),
  values: fc.array(span, { minLength: 1, maxLength: 5 }),
})

const rhythm = fc.constantFrom('poisson', 'paced')
const anyArrivals = fc.oneof(
  fc.record({ type: rhythm, rate }),
  fc.record({
    type: type('bursts'),
    calm: fc.record({ rate, mean: span }),
    burst: fc.record({ rate: fc.oneof(fc.constant(0), rate), mean: span }),
  }),
  some(
    {
      type: type('steps'),
      steps: fc.array(fc.record({ rate, duration: span }), { minLength: 1, maxLength: 3 }),
      rhythm,
      repeat: fc.boolean(),
    },
    ['type', 'steps'],
  ),
  some(
    { type: type('ramp'), from: fc.oneof(fc.constant(0), rate), to: rate, duration: span, rhythm },
    ['type', 'from', 'to', 'duration'],
  ),
  fc.record({ type: type('diurnal'), mean: rate, swing: share, period: span }),
  some(
    { type: type('trace'), times: fc.array(span, { minLength: 1, maxLength: 50 }), speed: span },
    ['type', 'times'],
  ),
  fc.record({
    type: type('closed'),
    users: fc.integer({ min: 1, max: 20 }),
    think: anyDistribution,
  }),
)

const count = fc.integer({ min: 2, max: 100 })
const anyKeys = fc.oneof(
  fc.record({ type: type('uniform'), count }),
  some({ type: type('zipf'), count, exponent: share, hottest: share }, [
    'type',
    'count',
    'exponent',
  ]),
  fc.record({
    type: type('trace'),
    keys: fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 9 }),
  }),
)

const failure = some({ rate: share, after: spanOr0 }, ['rate'])
const speed = fc.double({ min: 0.1, max: 10, noNaN: true })
const speedOr0 = fc.oneof(fc.constant(0), speed)
const weight = fc.constantFrom(0, 0.5, 1, 3)
const max = fc.integer({ min: 1, max: 5 })
const whole = fc.integer({ min: 1, max: 5 })

const anyServer = some({
  count: fc.integer({ min: 1, max: 4 }),
  workers: whole,
  queue: fc.integer({ min: 0, max: 5 }),
  discipline: fc.constantFrom('fifo', 'lifo', 'sharing', 'infinite'),
  speed,
  weight,
  max,
  backup: fc.boolean(),
  failure,
  cold: fc.record({ requests: whole, factor: speed }),
  cache: fc.record({ entries: whole, hit: speedOr0 }),
  antagonist: fc.record({ speed: speedOr0, on: anyDistribution, off: anyDistribution }),
  dropsExpired: fc.boolean(),
})

const anyStrategy = fc.oneof(
  fc.constantFrom(...STRATEGIES.map(({ name }) => name)),
  fc.constantFrom(
    { name: 'power_of_two', choices: 3 },
    { name: 'aperture', over: 'random' },
    { name: 'reported_load', over: { name: 'static_stride' } },
  ),
)

const anyPolicy = some({
  timeout: span,
  total: span,
  retries: some(
    {
      attempts: fc.integer({ min: 0, max: 4 }),
      budget: share,
      minPerSecond: spanOr0,
      afterTimeout: fc.boolean(),
      afterAnswers: fc.boolean(),
      backoff: fc.record({ base: spanOr0, max: spanOr0 }),
    },
    ['attempts'],
  ),
  ejection: fc.record({
    consecutive: whole,
    base: span,
    max: span.map((each) => 200 + each),
    share,
  }),
  panic: share,
  slowStart: fc.record({ duration: span, aggression: speed, floor: share }),
  checks: fc.record({ interval: span, timeout: span, fall: whole, rise: whole }),
  queue: fc.record({ length: fc.integer({ min: 0, max: 5 }), timeout: span }),
  hedging: fc.oneof(
    fc.record({ delay: spanOr0 }),
    fc.record({ quantile: fc.constantFrom(0.5, 0.95) }),
  ),
  cancels: fc.boolean(),
})

const those = fc.constantFrom('s1', ['s1'], '*')
const when = {
  at: fc.double({ min: 0, max: 299, noNaN: true }),
  every: fc.double({ min: 5, max: 200, noNaN: true }),
}
const happens = (model: Record<string, fc.Arbitrary<unknown>>) =>
  fc.tuple(some(when, ['at']), fc.record(model)).map(([time, what]) => ({ ...time, ...what }))
const anyEvent = fc.oneof(
  happens({ server: those, set: some({ speed: speedOr0, failure }) }),
  happens({ server: those, pause: spanOr0 }),
  happens({ server: those, outage: fc.constantFrom('refuse', 'hang', false) }),
  happens({ server: those, restart: spanOr0 }),
  happens({
    server: those,
    operator: some({ weight, max, admin: fc.constantFrom('ready', 'drain', 'maint') }),
  }),
  happens({ add: anyServer }),
  happens({ remove: those }),
  happens({ strategy: anyStrategy }),
  happens({ push: fc.constant(true) }),
)

export const anyScenario = some(
  {
    name: fc.constant('any'),
    seed: fc.nat(),
    duration: fc.constant(300),
    warmup: fc.constantFrom(0, 50),
    arrivals: anyArrivals,
    work: fc.oneof(anyDistribution, recordedWork),
    workOf: fc.constantFrom('request', 'attempt'),
    keys: anyKeys,
    servers: fc.array(anyServer, { minLength: 1, maxLength: 4 }),
    proxies: fc.integer({ min: 1, max: 3 }),
    strategy: anyStrategy,
    policy: anyPolicy,
    network: anyDistribution,
    information: fc.record({ every: span }),
    notices: fc.boolean(),
    events: fc.array(anyEvent, { minLength: 1, maxLength: 4 }),
  },
  ['name', 'seed', 'duration', 'arrivals', 'work', 'servers', 'strategy'],
)
