/** News in a small world: balancers, servers that queue, and everything that is said on its way between them. */
import { expect, test } from 'vitest'
import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Report } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'
import { type Sampler, sampler } from '../../simulator/distributions.ts'
import { EventQueue } from '../../simulator/event-queue.ts'
import { IdleNotices } from '../../simulator/idle-notices.ts'
import { LoadReport } from '../../simulator/load-report.ts'
import { News } from '../../simulator/news.ts'
import { Job, ServerModel } from '../../simulator/server-model.ts'

interface Request {
  balancer: Balancer
  server: Endpoint
}

const ARRIVAL = -1

/** Several balancers in front of servers with one place each; requests come at random times and take 10 ms on average. */
class World {
  readonly clock = new Clock()
  readonly news: News
  readonly balancers: Balancer[] = []
  readonly models: ServerModel<Request>[]
  readonly loads: LoadReport[]
  /** `[server][time]`: how many it had in hand, whenever that changed. */
  readonly history: [number, number][][]
  /** For each balancer the servers as it knows them. */
  readonly known: Endpoint[][] = []
  waited = 0
  done = 0
  onIdle: (server: number) => void = () => {}
  private readonly queue = new EventQueue()
  private readonly jobs: Job<Request>[] = []
  private readonly rng: Rng
  private readonly work: Sampler

  constructor(servers: number, balancers: number, strategy: StrategyFactory, delay: number) {
    const rng = new Rng(11)
    this.rng = rng.fork('traffic')
    this.work = sampler({ type: 'exponential', mean: 10 }, this.rng)
    const { clock } = this
    this.models = Array.from(
      { length: servers },
      () => new ServerModel<Request>({ concurrency: 1 }),
    )
    this.loads = this.models.map((model) => new LoadReport(model))
    this.history = this.models.map(() => [[0, 0]])
    this.news = new News({
      clock,
      delay: () => delay,
      report: (server) => this.loads[Number(server.id)].read(clock.now),
    })
    for (let i = 0; i < balancers; i++) {
      const balancer: Balancer = new Balancer({
        clock,
        rng: rng.fork(`balancer ${i}`),
        strategy,
        ask: (server) => this.news.ask(balancer, server),
      })
      const known = this.models.map((_, id) => new Endpoint(`${id}`))
      for (const server of known) balancer.add(server)
      this.balancers.push(balancer)
      this.known.push(known)
    }
  }

  /** So many requests, at `rate` a millisecond. */
  run(requests: number, rate: number): void {
    const { clock, news, queue, rng } = this
    const gap = sampler({ type: 'exponential', mean: 1 / rate }, rng)
    let left = requests
    queue.add(0, ARRIVAL)
    while (queue.length > 0) {
      news.run(queue.nextAt) // Servers are asked as they are before this event.
      clock.now = queue.nextAt
      const event = queue.take()
      if (event !== ARRIVAL) this.finish(this.jobs[event])
      else {
        this.arrive()
        if (--left > 0) queue.add(clock.now + gap(), ARRIVAL)
      }
    }
    news.run(Infinity)
  }

  /** How many a server had in hand at that time, or just before what happened then. */
  inHand(server: number, time: number): number[] {
    const changes = this.history[server]
    const before = changes.findLast(([at]) => at < time) ?? changes[0]
    return [before, ...changes.filter(([at]) => at === time)].map(([, count]) => count)
  }

  private arrive(): void {
    const { balancers, clock, loads, models, rng } = this
    const balancer = balancers[rng.int(balancers.length)]
    const server = balancer.acquire(0, 0)!
    const index = Number(server.id)
    const job = new Job<Request>({ balancer, server })
    if (models[index].arrive(job, clock.now) === 'serving') this.begin(job)
    loads[index].changed(clock.now)
    this.note(index)
  }

  private finish(job: Job<Request>): void {
    const { clock, loads, models } = this
    const { balancer, server } = job.data
    const index = Number(server.id)
    this.waited += job.began - job.arrived
    this.done++
    const next = models[index].finish(job, clock.now)
    loads[index].finished(job, clock.now, false)
    if (next !== undefined) this.begin(next)
    this.note(index)
    balancer.release(server, clock.now - job.arrived, 'ok')
    if (next === undefined) this.onIdle(index)
  }

  private begin(job: Job<Request>): void {
    this.queue.add(this.clock.now + this.work(), this.jobs.push(job) - 1)
  }

  private note(index: number): void {
    const { serving, queued } = this.models[index]
    this.history[index].push([this.clock.now, serving + queued])
  }
}

/** Asks two servers at every pick, and takes the one that has least in hand by what it heard last. */
class Believing implements Strategy {
  readonly name = 'believing'
  readonly heardAt: [number, number, number][] = []
  private readonly context: StrategyContext
  private readonly believed = new Map<Endpoint, number>()
  private servers: readonly Endpoint[] = []

  constructor(context: StrategyContext) {
    this.context = context
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { believed, context, servers } = this
    for (let i = 0; i < 2; i++) context.ask(servers[context.rng.int(servers.length)])
    const of = (server: Endpoint): number => believed.get(server) ?? 0
    const least = Math.min(...servers.map(of))
    const best = servers.filter((server) => of(server) === least)
    const picked = best[context.rng.int(best.length)]
    believed.set(picked, of(picked) + 1)
    return picked
  }

  settled(): void {}

  heard(server: Endpoint, report: Report): void {
    this.believed.set(server, report.inflight)
    this.heardAt.push([this.context.clock.now, Number(server.id), report.inflight])
  }
}

const BELIEVING: StrategyFactory = {
  promise: 'adaptive',
  create: (context) => new Believing(context),
}

test('what is heard is what was in hand one way before, whatever has happened since', () => {
  const delay = 3
  const world = new World(5, 2, BELIEVING, delay)
  world.run(2000, 0.4)
  expect(world.done).toBe(2000)
  for (const { strategy } of world.balancers) {
    const { heardAt } = strategy as Believing
    expect(heardAt.length).toBeGreaterThan(1000)
    for (const [time, server, count] of heardAt) {
      expect(world.inHand(server, time - delay)).toContain(count)
    }
  }
  // Every pick asked twice, and nothing was lost.
  const heard = world.balancers.map(({ strategy }) => (strategy as Believing).heardAt.length)
  expect(heard[0] + heard[1]).toBe(4000)
})

test('the same again is the same again', () => {
  const play = () => {
    const world = new World(5, 2, BELIEVING, 3)
    world.run(500, 0.4)
    return [world.waited, world.balancers.map(({ strategy }) => (strategy as Believing).heardAt)]
  }
  expect(play()).toEqual(play())
})

test('fresh news are worth something: the later they come, the longer requests wait', () => {
  const waits = [0.1, 30, 1000].map((delay) => {
    const world = new World(5, 4, BELIEVING, delay)
    world.run(20_000, 0.4)
    return world.waited / world.done
  })
  expect(waits[0]).toBeLessThan(waits[1] / 1.2)
  expect(waits[1]).toBeLessThan(waits[2] / 1.2)
})

/** A list of idle servers, first come first taken; without one, a server at random. */
class IdleList implements Strategy {
  readonly name = 'idle list'
  readonly idle: Endpoint[] = []
  heardAll = 0
  private readonly rng: Rng
  private servers: readonly Endpoint[] = []

  constructor({ rng }: StrategyContext) {
    this.rng = rng
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.idle.shift() ?? this.servers[this.rng.int(this.servers.length)]
  }

  settled(): void {}

  heard(server: Endpoint, report: Report): void {
    expect(report.inflight).toBe(0)
    this.heardAll++
    if (!this.idle.includes(server)) this.idle.push(server)
  }
}

const IDLE_LIST: StrategyFactory = {
  promise: 'adaptive',
  create: (context) => new IdleList(context),
}

/** Mean waits of servers that tell one of four dispatchers when they become idle, or nobody. */
function idleWorld(choices: number, tells = true): World {
  const world = new World(10, 4, IDLE_LIST, 0.1)
  const lists = world.balancers.map(({ strategy }) => strategy as IdleList)
  const notices = new IdleNotices({
    news: world.news,
    rng: new Rng(3),
    dispatchers: world.balancers,
    choices,
    lengthOf: (dispatcher) => lists[dispatcher].idle.length,
  })
  let told = 0
  world.onIdle = (server) => {
    if (!tells) return
    told++
    notices.idle(
      world.known.map((known) => known[server]),
      world.loads[server].read(world.clock.now),
    )
  }
  world.run(20_000, 0.8)
  expect(lists.reduce((sum, { heardAll }) => sum + heardAll, 0)).toBe(told)
  return world
}

test('servers that say when they are idle make requests wait less, and choosing who to tell helps again', () => {
  const [nobody, random, shortest] = [idleWorld(1, false), idleWorld(1), idleWorld(4)].map(
    ({ done, waited }) => waited / done,
  )
  expect(random).toBeLessThan(nobody / 1.5)
  expect(shortest).toBeLessThan(random)
})
