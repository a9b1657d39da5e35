import { expect, test } from 'vitest'
import { writePath } from '../../proxy/core/problems.ts'
import { checkScenario } from '../../simulator/check-scenario.ts'

const PLAIN = {
  name: 'plain',
  seed: 1,
  duration: 1000,
  arrivals: { type: 'poisson', rate: 100 },
  work: { type: 'exponential', mean: 10 },
  servers: [{}, { id: 'b' }],
  strategy: 'round_robin',
}

function problemsOf(data: unknown): string[] {
  const checked = checkScenario(data)
  if (!('problems' in checked)) return []
  return checked.problems.map(({ path, text }) => `${writePath(path)} ${text}`)
}

function given(change: Record<string, unknown>): Record<string, unknown> {
  return { ...PLAIN, ...change }
}

const cycle: Record<string, unknown> = { name: 'aperture' }
cycle['over'] = cycle

test.each<[Record<string, unknown>, string]>([
  [{ servers: [{}, { speed: 0 }] }, 'servers[1].speed must be above 0, got 0'],
  [{ servers: [{ speed: Number.NaN }] }, 'servers[0].speed must be above 0, got NaN'],
  [{ servers: [{ sped: 2 }] }, 'servers[0].sped is not a key: did you mean speed?'],
  [{ servers: [{ weight: -3 }] }, 'servers[0].weight must be at least 0, got -3'],
  [
    { servers: [{ count: 1e9 }] },
    'servers[0].count must be a whole number from 1 to 100000, got 1000000000',
  ],
  [
    { servers: [{ count: 100_000 }], proxies: 100 },
    'servers must be at most 10000 for 100 proxies, those added counted too, got 100000',
  ],
  [{ servers: [] }, 'servers must be a list with at least one entry, got an empty list'],
  [{ servers: [{ id: 's2' }, {}] }, 'servers[1].id must be unique, got "s2" a second time'],
  [{ servers: undefined }, 'servers is required'],
  [{ seed: -1 }, 'seed must be a whole number from 0 to 4294967295, got -1'],
  [
    { duration: Infinity },
    'duration must be finite unless requests end by themselves, as those of a trace do',
  ],
  [
    { duration: '10 parsecs' },
    'duration must be above 0 in milliseconds, or with a unit like 5ms, 30s or 2m, got "10 parsecs"',
  ],
  [{ warmup: '1s' }, 'warmup must be below duration (1000), got 1000'],
  [{ work: { type: 'exponential', mean: -1 } }, 'work.mean must be above 0, got -1'],
  [
    { work: { type: 'exponental', mean: 1 } },
    'work.type must be one of constant, uniform, exponential, erlang, lognormal, hyperexponential, bounded_pareto, weibull, bimodal, empirical, recorded, got "exponental" (did you mean exponential?)',
  ],
  [
    { work: { type: 'bimodal', fast: 5, slow: 3, slowShare: 0.5 } },
    'work.slow must be at least work.fast (5), got 3',
  ],
  [
    { work: { type: 'hyperexponential', mean: 5, cv: 2, branches: [{ share: 1, mean: 1 }] } },
    'work.branches goes without mean and cv: give one or the other',
  ],
  [
    { work: { type: 'hyperexponential', branches: [{ share: 0.5, mean: 1 }] } },
    'work.branches must have shares that add up to 1, got 0.5',
  ],
  [
    { work: { type: 'lognormal', mean: 1, cv: 1e200 } },
    'work must have a finite mean and a finite spread',
  ],
  [{ arrivals: { type: 'poisson', rate: 0 } }, 'arrivals.rate must be above 0, got 0'],
  [
    { arrivals: { type: 'closed', users: 1e9, think: { type: 'constant', value: 5 } } },
    'arrivals.users must be a whole number from 1 to 1000000, got 1000000000',
  ],
  [
    { arrivals: { type: 'closed', users: 1, think: { type: 'constant', value: 0 } } },
    'arrivals.think must have a mean of at least 0.001: else time would stand still',
  ],
  [{ arrivals: { type: 'trace', times: [1, -2] } }, 'arrivals.times[1] must be at least 0, got -2'],
  [
    { arrivals: { type: 'steps', steps: [{ rate: 1, duration: 0 }] } },
    'arrivals.steps[0].duration must be above 0, got 0',
  ],
  [
    { keys: { type: 'zipf', count: 1e9, exponent: 1 } },
    'keys.count must be a whole number from 1 to 10000000, got 1000000000',
  ],
  [
    { keys: { type: 'zipf', count: 1, exponent: 1, hottest: 0.5 } },
    'keys.hottest needs keys.count to be at least 2, got 1',
  ],
  [{ strategy: 'rond_robin' }, '(did you mean round_robin?)'],
  [
    { strategy: { name: 'power_of_two', choises: 3 } },
    'strategy.choises is not a key: did you mean choices?',
  ],
  [
    { strategy: { name: 'power_of_two', choices: 0 } },
    'strategy.choices must be a whole number from 1 to 16, got 0',
  ],
  [{ strategy: {} }, 'strategy.name is required'],
  [
    { strategy: cycle },
    'strategy.over.over.over.over must not be the 5th strategy around each other, got a mapping',
  ],
  [
    { policy: { hedging: { delay: 1, quantile: 0.5 } } },
    'policy.hedging must have delay or quantile, and not both',
  ],
  [
    { policy: { ejection: { consecutive: 1, base: 9, max: 5, share: 1 } } },
    'policy.ejection.max must be at least policy.ejection.base (9), got 5',
  ],
  [
    { policy: { retries: { attempts: 1, budget: 2 } } },
    'policy.retries.budget must be from 0 to 1, got 2',
  ],
  [
    { events: [{ at: 1, server: 'c', pause: 5 }] },
    'events[0].server must be the id of a server, got "c"',
  ],
  [
    { events: [{ at: 1, remove: ['b', 's9'] }] },
    'events[0].remove[1] must be the id of a server, got "s9" (did you mean s1?)',
  ],
  [{ events: [{ at: 1000, push: true }] }, 'events[0].at must be below duration (1000), got 1000'],
  [
    { events: [{ at: 1 }] },
    'events[0] must have one of set, pause, outage, restart, operator, traffic, add, remove, strategy, push',
  ],
  [
    { events: [{ at: 1, server: 'b', pause: 5, outage: 'hang' }] },
    'events[0].outage cannot go with pause: make two events of it',
  ],
  [{ events: [{ at: 1, pause: 5 }] }, 'events[0].server is required'],
  [{ events: [{ at: 1, server: 'b', push: true }] }, 'events[0].server does not go with push'],
  [
    { events: [{ at: 1, every: 10, add: { id: 'c' } }] },
    'events[0].add.id must be unique, got "c" a second time',
  ],
  [
    { events: [{ at: 1, every: 0.001, add: {} }] },
    'servers must be at most 100000 for 1 proxy, those added counted too, got',
  ],
  [JSON.parse('{"__proto__": {"a": 1}}') as Record<string, unknown>, '__proto__ is not a key'],
])('%j is told as it should be', (change, message) => {
  const data = Object.hasOwn(change, '__proto__')
    ? Object.assign(JSON.parse(`{"__proto__":1}`), PLAIN)
    : given(change)
  const problems = problemsOf(data)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(message)
})

test('tells all problems of all parts at once', () => {
  const problems = problemsOf({
    servers: [{ speed: -1, weight: 'x' }, 5],
    strategy: 'no',
    work: {},
  })
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'name',
    'seed',
    'duration',
    'arrivals',
    'work.type',
    'servers[0].speed',
    'servers[0].weight',
    'servers[1]',
    'strategy',
  ])
})

test('of a long list it tells the first few only', () => {
  const times = Array.from({ length: 100_000 }, () => -1)
  expect(problemsOf(given({ arrivals: { type: 'trace', times } }))).toHaveLength(3)
})

test('times may have units, in options of strategies too', () => {
  const checked = checkScenario(
    given({
      duration: '2m',
      work: { type: 'uniform', min: '5ms', max: '0.01s' },
      strategy: { name: 'aperture', over: { name: 'peak_ewma', decay: '3s' } },
    }),
  )
  expect(checked).toMatchObject({
    scenario: {
      duration: 120_000,
      work: { min: 5, max: 10 },
      strategy: { over: { decay: 3000 } },
    },
  })
})

test('warns of strategies and caches that go by keys where there are none', () => {
  const servers = [{}, { cache: { entries: 5, hit: 0.1 } }]
  const checked = checkScenario(given({ servers, strategy: 'maglev' }))
  const warnings = 'warnings' in checked ? checked.warnings.map(({ path }) => writePath(path)) : []
  expect(warnings).toEqual(['strategy', 'servers[1].cache'])
  expect(
    checkScenario(given({ servers, strategy: 'maglev', keys: { type: 'uniform', count: 5 } })),
  ).toMatchObject({ warnings: [] })
})

test.each([undefined, null, 5, 'text', [], [PLAIN], () => 5, Symbol('s'), 5n, new Map()])(
  '%s is no scenario',
  (data) => {
    expect(problemsOf(data)).not.toEqual([])
  },
)
