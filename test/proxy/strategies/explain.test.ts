import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Decision, type Explanation } from '../../../proxy/core/decision.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { STRATEGIES, resolveStrategy, type StrategySpec } from '../../../proxy/strategies/index.ts'

/** A pool that has seen something, and tells of each decision. */
class Pool {
  readonly clock = new Clock(1000)
  readonly servers: Endpoint[]
  readonly balancer: Balancer
  private readonly decision = new Decision()

  constructor(spec: StrategySpec, weights: readonly number[], max?: number) {
    const resolved = resolveStrategy(spec)
    if (!('factory' in resolved)) throw new Error(JSON.stringify(resolved.problems))
    const strategy = resolved.factory
    const rng = new Rng(7)
    const remainingWork = (server: Endpoint): number => server.inflight * 10
    this.balancer = new Balancer({ clock: this.clock, rng, strategy, remainingWork })
    this.balancer.open()
    const limit = max === undefined ? {} : { max }
    this.servers = weights.map((weight, i) => new Endpoint(`b${i + 1}`, { weight, ...limit }))
    for (const server of this.servers) this.balancer.add(server)
  }

  /** A request that stays, unless it is to end after so many milliseconds. */
  decide(key = 0, latency?: number, tried?: readonly Endpoint[]): Explanation {
    const server = this.balancer.acquire(key, tried === undefined ? 0 : 1, tried)!
    this.decision.keep(this.balancer.open())
    if (latency !== undefined) {
      this.clock.now += latency
      this.balancer.release(server, latency, 'ok')
    }
    const { explanation } = this.decision
    expect(explanation.chosen).toBe(server.id)
    return explanation
  }
}

/** Whoever the rule says, by the scores that are told. */
function bestOf({ candidates, score }: Explanation): string[] {
  const scored = candidates.filter((each) => each.score !== null)
  const scores = scored.map((each) => each.score!)
  const best = score!.best === 'lowest' ? Math.min(...scores) : Math.max(...scores)
  return scored.filter((each) => each.score === best).map(({ server }) => server)
}

describe.each(STRATEGIES.map(({ name }) => name))('%s', (name) => {
  test('tells what it looked at, and what it comes to, at each of many picks', () => {
    const pool = new Pool(name, [1, 2, 3, 1])
    let told = 0
    for (let i = 0; i < 200; i++) {
      const latency = i % 3 === 0 ? undefined : 5 + (i % 7)
      const explanation = pool.decide((i * 2654435761) >>> 0, latency)
      const sight = pool.balancer.open()
      if (sight.expected >= 0) told++
      if (sight.expected >= 0) expect(sight.expected).toBe(sight.chosen)
      expect(explanation.strategy).toBe(name)
      expect(explanation.manner).toBe('strategy')
      expect(explanation.candidates.map(({ server }) => server)).toEqual(['b1', 'b2', 'b3', 'b4'])
      expect(explanation.candidates.filter(({ chosen }) => chosen)).toHaveLength(1)
      if (explanation.score === null) continue
      expect(JSON.stringify(explanation)).not.toContain('undefined')
      if (explanation.score.best === 'drawn' || name === 'static_stride') continue
      if (name === 'prequal' || name === 'join_idle_queue') continue // Drawn where they know nothing.
      expect(bestOf(explanation)).toContain(explanation.chosen)
    }
    // Once a second reported_load works its weights out anew, at a pick.
    expect(told).toBeGreaterThan(name === 'reported_load' ? 190 : 199)
  })

  test('what was in flight is what it was at the pick, without this request', () => {
    const pool = new Pool(name, [1, 1])
    for (let i = 0; i < 6; i++) {
      const before = pool.servers.map(({ inflight }) => inflight)
      const { candidates } = pool.decide(i * 1e6)
      expect(candidates.map(({ inFlight }) => inFlight)).toEqual(before)
    }
  })

  test('of a large pool the chosen and those it looked at are kept, and it says how many are not', () => {
    const pool = new Pool(
      name,
      Array.from({ length: 100 }, () => 1),
    )
    for (let i = 0; i < 50; i++) {
      const { candidates, chosen, notKept } = pool.decide((i * 2654435761) >>> 0)
      expect(candidates.length).toBeGreaterThan(0)
      expect(candidates.length).toBeLessThanOrEqual(32)
      expect(candidates.length + notKept).toBe(100)
      const own = candidates.find(({ server }) => server === chosen)!
      expect(own.chosen).toBe(true)
      expect(own.inFlight).toBe(pool.servers.find(({ id }) => id === chosen)!.inflight - 1)
    }
  })
})

test('each tells in its own words', () => {
  const words = STRATEGIES.map(({ name }) => pool(name).decide(7).score?.meaning)
  expect(words.filter((meaning) => meaning === undefined)).toEqual([undefined]) // reported_load, at its first pick
  expect(new Set(words).size).toBeGreaterThan(14)
})

function pool(name: string): Pool {
  return new Pool(name, [1, 1, 1])
}

test('round robin says nothing of ties, since there are none', () => {
  expect(pool('round_robin').decide().why).toBe('the lowest score')
})

test('least connections: loads for weights, and who tied', () => {
  const pool = new Pool('least_connections', [1, 2, 2])
  for (let i = 0; i < 3; i++) pool.decide()
  const { candidates, why, score } = pool.decide()
  const loads = candidates.map(({ inFlight, weight }) => inFlight / weight)
  expect(candidates.map((each) => each.score)).toEqual(loads)
  const least = Math.min(...loads)
  const tied = candidates.filter((each) => each.score === least)
  for (const each of tied) expect(each.mark).toBe(tied.length > 1 ? 'tied' : null)
  expect(why).toBe('the lowest score; of those who tie one of them at random, by weight')
  expect(score!.meaning).toBe('requests in flight / weight')
})

test('power of two: two were drawn, and only those have a score', () => {
  const { candidates } = new Pool('power_of_two', [1, 1, 1, 1]).decide()
  expect(candidates.filter(({ mark }) => mark === 'drawn')).toHaveLength(2)
  expect(candidates.filter(({ score }) => score !== null)).toHaveLength(2)
})

test("round robin: the turns until it is a server's turn", () => {
  const pool = new Pool('round_robin', [1, 1, 1])
  const first = pool.decide()
  const next = pool.decide()
  expect(new Set(next.candidates.map(({ score }) => score))).toEqual(new Set([0, 1, 2]))
  const place = first.candidates.findIndex(({ chosen }) => chosen)
  expect(next.candidates[place].score).toBe(2)
  expect(next.facts).toEqual({ 'place in the list whose turn it is': (place + 1) % 3 })
})

test('around another strategy: whose words they are, and who is outside of the subset', () => {
  const pool = new Pool(
    { name: 'aperture', size: 2, subset: 'hash', over: 'least_connections' },
    [1, 1, 1],
  )
  const { by, candidates, excluded, strategy } = pool.decide()
  expect([strategy, by]).toEqual(['aperture', 'least_connections'])
  expect(excluded).toEqual([{ server: expect.any(String) as string, reason: 'subset' }])
  expect(candidates.find(({ server }) => server === excluded[0].server)!.score).toBeNull()
})

test('a second try: the least busy of those not tried, and who was', () => {
  const pool = new Pool('round_robin', [1, 1, 1])
  const [b1] = pool.servers
  const { candidates, excluded, manner, why } = pool.decide(0, undefined, [b1])
  expect(manner).toBe('retry')
  expect(why).toBe('a second try goes to the least busy of those not tried yet')
  expect(excluded).toEqual([{ server: 'b1', reason: 'tried' }])
  expect(candidates.map(({ score }) => score)).toEqual([null, 0, 0])
})

test('who could not get it, and why; and the only one that could', () => {
  const pool = new Pool('random', [1, 1, 1, 1, 0])
  const [, b2, b3, b4] = pool.servers
  pool.balancer.setAdmin(b2, 'drain')
  pool.balancer.setHealthy(b3, false)
  pool.balancer.setAdmin(b4, 'maint')
  const { excluded, manner, why } = pool.decide()
  expect(excluded).toEqual([
    { server: 'b2', reason: 'draining' },
    { server: 'b3', reason: 'down' },
    { server: 'b4', reason: 'maint' },
    { server: 'b5', reason: 'weight' },
  ])
  expect([manner, why]).toEqual(['only', 'the only server that could get it'])
})

test('where the session is: nobody was asked', () => {
  const pool = new Pool('round_robin', [1, 1, 1])
  const [, b2, b3] = pool.servers
  pool.balancer.setAdmin(b3, 'maint')
  const { cursor } = pool.balancer.strategy as unknown as { cursor: Int32Array }
  const before = [...cursor]
  expect(pool.balancer.sessions.acquire(b2, 0)).toBe(true)
  const decision = new Decision()
  decision.keep(pool.balancer.open())
  expect(decision.explanation).toMatchObject({
    strategy: 'sticky',
    manner: 'sticky',
    why: 'its session is there',
    chosen: 'b2',
    score: null,
    candidates: [{ server: 'b2', inFlight: 0, weight: 1, chosen: true }],
    notKept: 0,
    excluded: [{ server: 'b3', reason: 'maint' }],
  })
  expect([...cursor]).toEqual(before)
})

test('a strategy that does not tell gives the facts without scores', () => {
  const servers = [new Endpoint('b1'), new Endpoint('b2')]
  const create = () => {
    let all: readonly Endpoint[] = []
    return {
      name: 'mine',
      update: (given: readonly Endpoint[]) => void (all = given),
      pick: () => all[1],
      settled: () => {},
    }
  }
  const strategy = { promise: 'adaptive' as const, create }
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  for (const server of servers) balancer.add(server)
  const sight = balancer.open()
  balancer.acquire(0, 0)
  const decision = new Decision()
  decision.keep(sight)
  const { candidates, score, strategy: name, why } = decision.explanation
  expect([name, score, why]).toEqual(['mine', null, 'the strategy does not say'])
  expect(candidates).toEqual([
    { server: 'b1', inFlight: 0, weight: 1, score: null, mark: null, chosen: false },
    { server: 'b2', inFlight: 0, weight: 1, score: null, mark: null, chosen: true },
  ])
})
