import fc from 'fast-check'
import { expect } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { type AdminState, Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { OUTCOMES, type Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { StrategyEntry } from '../../../proxy/strategies/index.ts'

/** So few that slots are used again and again, and that there are sometimes none. */
const SLOTS = 6

/** What one server should be like, kept as simply as it can be. */
interface ModelServer {
  endpoint: Endpoint
  weight: number
  max: number
  backup: boolean
  healthy: boolean
  admin: AdminState
  listed: boolean
  inflight: number
  picks: number
  due: number
}

export interface Model {
  servers: ModelServer[]
  /** How many were ever added. */
  added: number
}

/** The real balancer, and the attempts that are under way. */
export class Real {
  readonly clock = new Clock(1000)
  readonly memory = new Memory(SLOTS)
  readonly open: Endpoint[] = []
  readonly promise: StrategyEntry['promise']
  readonly balancer: Balancer

  constructor(strategy: StrategyEntry) {
    const { clock, memory } = this
    this.promise = strategy.promise
    const remainingWork = (server: Endpoint): number => server.inflight
    this.balancer = new Balancer({ clock, rng: new Rng(1), memory, strategy, remainingWork })
  }
}

type Command = fc.Command<Model, Real>

/** A command that can always be run; `index` arguments choose among what there is, so that shrinking stays easy. */
function command(name: string, run: (model: Model, real: Real) => void): Command {
  const checked = (model: Model, real: Real): void => {
    run(model, real)
    checkCounts(model, real)
  }
  return { check: () => true, run: checked, toString: () => name }
}

function listed(model: Model): ModelServer[] {
  return model.servers.filter((server) => server.listed)
}

/** The rule in one sentence: usable servers that are no backups, or if there are none, usable backups. */
function eligible(model: Model): ModelServer[] {
  const usable = listed(model).filter(
    ({ healthy, admin, weight, inflight, max }) =>
      healthy && admin === 'ready' && weight > 0 && inflight < max,
  )
  const primary = usable.filter((server) => !server.backup)
  return primary.length > 0 ? primary : usable
}

function checkCounts(model: Model, real: Real): void {
  for (const server of model.servers) {
    expect(server.endpoint.inflight).toBe(server.inflight)
    expect(server.inflight).toBeGreaterThanOrEqual(0)
  }
  expect(real.balancer.servers).toEqual(listed(model).map((server) => server.endpoint))
}

/** Brings due shares up to date and compares them, and the picks, with the model's. */
function checkShares(model: Model, real: Real): void {
  const { balancer } = real
  balancer.tick()
  for (const server of listed(model)) {
    expect(balancer.picksOf(server.endpoint)).toBe(server.picks)
    expect(balancer.dueOf(server.endpoint)).toBeCloseTo(server.due, 8)
  }
  const sum = (of: (server: ModelServer) => number): number =>
    model.servers.reduce((total, server) => total + of(server), 0)
  expect(sum((server) => server.due)).toBeCloseTo(
    sum((server) => server.picks),
    8,
  )
}

function add(weight: number, max: number, backup: boolean): Command {
  return command(`add(${weight}, ${max}, ${backup})`, (model, { balancer, memory }) => {
    const endpoint = new Endpoint(`s${model.added++}`, { weight, max, backup })
    const taken = model.servers.filter((server) => server.listed || server.inflight > 0).length
    if (taken === SLOTS) {
      expect(() => balancer.add(endpoint)).toThrow(RangeError)
      return
    }
    balancer.add(endpoint)
    // Nothing of whoever had the slot before is left, in the balancer's arrays or the strategy's.
    for (const array of (memory as unknown as { perSlot: Float64Array[] }).perSlot) {
      expect(array[endpoint.slot]).toBe(0)
    }
    const fresh = {
      healthy: true,
      admin: 'ready',
      listed: true,
      inflight: 0,
      picks: 0,
      due: 0,
    } as const
    model.servers.push({ endpoint, weight, max, backup, ...fresh })
  })
}

/** A change to one of the servers; nothing while there is none. */
function change(
  name: string,
  index: number,
  run: (server: ModelServer, real: Real) => void,
): Command {
  return command(`${name} #${index}`, (model, real) => {
    const servers = listed(model)
    if (servers.length > 0) run(servers[index % servers.length], real)
  })
}

function acquire(key: number, attempt: number, avoided: readonly number[]): Command {
  const name = `acquire(${key}, ${attempt}, [${avoided.join()}])`
  return command(name, (model, { balancer, open, promise }) => {
    const all = model.servers
    const avoid = all.filter((_, i) => avoided.includes(i)).map((server) => server.endpoint)
    const candidates = eligible(model)
    const others = candidates.filter((server) => !avoid.includes(server.endpoint))
    const got = balancer.acquire(key, attempt, attempt > 0 ? avoid : undefined)
    if (candidates.length === 0) {
      expect(got).toBeUndefined()
      return
    }
    const allowed = attempt > 0 && others.length > 0 ? others : candidates
    const chosen = allowed.find((server) => server.endpoint === got)
    expect(
      chosen,
      `${got?.id} is none of ${allowed.map((server) => server.endpoint.id).join()}`,
    ).toBeDefined()
    chosen!.inflight++
    open.push(got!)
    if (attempt > 0) return
    chosen!.picks++
    const worth = (server: ModelServer): number => (promise === 'equal' ? 1 : server.weight)
    const total = candidates.reduce((sum, server) => sum + worth(server), 0)
    for (const server of candidates) server.due += worth(server) / total
  })
}

function releaseOne(
  model: Model,
  real: Real,
  index: number,
  latency: number,
  outcome: Outcome,
): void {
  const [endpoint] = real.open.splice(index % real.open.length, 1)
  model.servers.find((server) => server.endpoint === endpoint)!.inflight--
  real.balancer.release(endpoint, latency, outcome)
}

function release(index: number, latency: number, outcome: Outcome): Command {
  return command(`release(#${index}, ${latency}, ${outcome})`, (model, real) => {
    if (real.open.length > 0) releaseOne(model, real, index, latency, outcome)
  })
}

/** Ends everything that is under way: nothing may be in flight then, and every slot of a removed server is free. */
export function finish(model: Model, real: Real): void {
  while (real.open.length > 0) releaseOne(model, real, 0, 1, 'ok')
  checkCounts(model, real)
  for (const server of model.servers) {
    expect(server.endpoint.inflight).toBe(0)
    if (!server.listed) expect(server.endpoint.slot).toBe(-1)
  }
  checkShares(model, real)
}

const index = fc.nat(9)
const weights = fc.constantFrom(0, 0.5, 1, 1, 2, 5)
const limits = fc.constantFrom(1, 2, 3, Infinity, Infinity)
const admins = fc.constantFrom<AdminState>('ready', 'ready', 'drain', 'maint')
const latencies = fc.double({ min: 0, max: 5000, noNaN: true })

const acquires = fc.tuple(fc.nat(0xffffffff), fc.nat(2), fc.array(fc.nat(12), { maxLength: 4 }))
const releases = fc.tuple(index, latencies, fc.constantFrom(...OUTCOMES))

export const commands = fc.commands(
  [
    fc
      .tuple(weights, limits, fc.boolean())
      .map(([weight, max, backup]) => add(weight, max, backup)),
    fc.tuple(weights, limits).map(([weight, max]) => add(weight, max, false)),
    index.map((index) =>
      change('remove', index, (server, { balancer }) => {
        balancer.remove(server.endpoint)
        server.listed = false
      }),
    ),
    fc.tuple(index, fc.boolean()).map(([index, healthy]) =>
      change(healthy ? 'heal' : 'fail', index, (server, { balancer }) => {
        balancer.setHealthy(server.endpoint, healthy)
        server.healthy = healthy
      }),
    ),
    fc.tuple(index, weights).map(([index, weight]) =>
      change(`weigh ${weight}`, index, (server, { balancer }) => {
        balancer.setWeight(server.endpoint, weight)
        server.weight = weight
      }),
    ),
    fc.tuple(index, limits).map(([index, max]) =>
      change(`max ${max}`, index, (server, { balancer }) => {
        balancer.setMax(server.endpoint, max)
        server.max = max
      }),
    ),
    fc.tuple(index, admins).map(([index, admin]) =>
      change(admin, index, (server, { balancer }) => {
        balancer.setAdmin(server.endpoint, admin)
        server.admin = admin
      }),
    ),
    acquires.map(([key, attempt, avoided]) => acquire(key, attempt, avoided)),
    acquires.map(([key]) => acquire(key, 0, [])),
    releases.map(([index, latency, outcome]) => release(index, latency, outcome)),
    fc.nat(20_000).map((time) =>
      command(`tick(${time})`, (model, real) => {
        real.clock.now += time
        checkShares(model, real)
      }),
    ),
    fc.constant(
      command('count', (model, { balancer }) => {
        expect(balancer.eligibleCount).toBe(eligible(model).length)
      }),
    ),
  ],
  { maxCommands: 120, size: '+1' },
)
