import { expect, test } from 'vitest'
import { runLive } from '../../../experiments/world/live-run.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { hash32 } from '../../../proxy/core/hash.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Attempt, Request } from '../../../simulator/request.ts'
import { RunRecorder } from '../../../simulator/run-recorder.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { Simulation } from '../../../simulator/simulation.ts'
import type { Station } from '../../../simulator/station.ts'
import { Users } from '../../../simulator/users.ts'

/** Real processes on a busy machine may take their time; nothing that is asserted depends on it. */
const PATIENCE = 60_000

interface Asked {
  readonly due: number
  readonly work: number
  readonly key: number
}

/** The simulator, and what its clients ask for. */
class Overheard extends Simulation {
  static asked(scenario: Scenario): Asked[] {
    const simulation = new Overheard(scenario, new RunRecorder())
    simulation.run()
    return simulation.heard
  }

  private readonly heard: Asked[] = []

  override attempt(request: Request, endpoint: Endpoint, station: Station): Attempt {
    const { arrivedAt: due, attempts, key, work } = request
    if (attempts === 0) this.heard.push({ due, key, work })
    return super.attempt(request, endpoint, station)
  }
}

test(
  'a live run sends what the simulator sends, and what happens on the way happens',
  async () => {
    const scenario: Scenario = {
      name: 'all at once',
      seed: 5,
      duration: 1400,
      warmup: 100,
      arrivals: { type: 'poisson', rate: 150 },
      work: { type: 'exponential', mean: 12 },
      keys: { type: 'zipf', count: 30, exponent: 0.9 },
      servers: [{ count: 3, discipline: 'infinite' }],
      strategy: 'round_robin',
      policy: { retries: { attempts: 1 } },
      events: [
        { at: 300, traffic: 2 },
        { at: 400, server: 's1', set: { failure: { rate: 1, after: 3 } } },
        { at: 500, server: 's2', set: { speed: 0.5 } },
        { at: 600, add: { discipline: 'infinite' } },
        { at: 700, remove: 's3' },
        { at: 800, server: 's2', pause: 50 },
        { at: 900, strategy: 'random' },
        { at: 1000, server: 's4', restart: 100 },
        { at: 1200, server: 's1', operator: { admin: 'drain' } },
      ],
    }
    const { decisions, failures, requests, result } = await runLive(scenario)
    expect(failures).toEqual([])
    const asked = Overheard.asked(scenario)
    const sent = requests.map(({ due, key, work }) => ({ due, key: hash32(key) | 0, work }))
    expect(sent).toEqual(asked)

    // Each had its time at its server, by the server's own clock.
    const good = requests.filter(({ outcome, server }) => outcome === 'ok' && server !== 's2')
    expect(good.length).toBeGreaterThan(100)
    for (const { arrived, finished, work } of good) expect(finished - arrived).toBeCloseTo(work, 6)
    const ofFirst = requests.filter(({ server }) => server === 's1')
    expect(ofFirst.filter(({ arrived }) => arrived >= 400).length).toBeGreaterThan(10)
    for (const { arrived, finished, outcome } of ofFirst) {
      expect(outcome).toBe(arrived < 400 ? 'ok' : 'error')
      if (arrived >= 400) expect(finished - arrived).toBeCloseTo(3, 6)
    }
    const slowed = requests.filter(({ arrived, finished, server }) => {
      return server === 's2' && arrived >= 500 && (finished < 800 || arrived > 850)
    })
    expect(slowed.length).toBeGreaterThan(10)
    for (const { arrived, finished, work } of slowed)
      expect(finished - arrived).toBeCloseTo(2 * work, 6)

    // Every request is accounted for, by clients, proxy and servers.
    const { outcomes } = result.requests
    expect(result.generated).toBe(asked.length)
    expect(result.underWay).toBe(0)
    expect(outcomes.aborted).toBe(0)
    expect(result.requests.count).toBe(asked.filter(({ due }) => due >= 100).length)
    for (const { abandoned, arrived, failed, refused, served } of result.servers)
      expect(arrived).toBe(served + failed + refused + abandoned)

    // Operators were at work.
    const verbs = decisions.entries.map(([verb, , what]) => {
      return typeof what === 'string' ? `${verb} ${what}` : verb
    })
    for (const verb of ['add s4', 'remove s3', 'admin s1', 'strategy random'])
      expect(verbs).toContain(verb)
    expect(result.servers.map(({ id }) => id)).toEqual(['s1', 's2', 's3', 's4'])
    expect(result.servers[3].arrived).toBeGreaterThan(10)
  },
  PATIENCE,
)

test(
  'closed users think as in the simulator, each from his own stream, and wait for their answers',
  async () => {
    const arrivals = { type: 'closed', users: 4, think: { type: 'exponential', mean: 30 } } as const
    const { requests } = await runLive({
      name: 'closed',
      seed: 9,
      duration: 500,
      arrivals,
      work: { type: 'constant', value: 10 },
      servers: [{ workers: 2 }],
      strategy: 'round_robin',
    })
    const users = new Users(arrivals, new Rng(9).fork('users'))
    for (let user = 0; user < 4; user++) {
      const own = requests.filter((each) => each.user === user)
      expect(own.length).toBeGreaterThan(2)
      let free = 0
      for (const { due, ended } of own) {
        expect(due).toBe(free + users.next(user))
        free = ended
      }
    }
  },
  PATIENCE,
)

test('a scenario that nobody can run with real sockets is refused before anything is started', async () => {
  const scenario: Scenario = {
    name: 'impossible',
    seed: 1,
    duration: 100,
    arrivals: { type: 'poisson', rate: 10 },
    work: { type: 'constant', value: 1 },
    servers: [{}],
    strategy: 'least_work',
    proxies: 2,
  }
  await expect(runLive(scenario)).rejects.toThrow(
    'proxies: the live world has one proxy\nstrategy: least_work knows what nobody can know',
  )
})
