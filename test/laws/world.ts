import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Memory } from '../../proxy/core/memory.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'
import type { Report } from '../../proxy/core/report.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { Strategy } from '../../proxy/core/strategy.ts'
import { found } from './finding.ts'
import { keyAt } from './keys.ts'
import type { Plan, ServerPlan, Step } from './steps.ts'
import type { Subject } from './law.ts'
import { type Referee, watch } from './watched.ts'

/** So few that slots are used again and again. */
const SLOTS = 12

/** How long a server takes to say how it is, in milliseconds. */
const NEWS = 3

/** In what the same plan may be played differently. */
export interface Manner {
  readonly referee?: Referee
  /** What the server with that number is called; otherwise a, b, c, … */
  readonly name?: (number: number) => string
  /** Every weight is multiplied by this. */
  readonly scale?: number
  /** The numbers of the first servers, in the order in which they are added. */
  readonly order?: readonly number[]
  /** Called between any two steps: whoever looks must not change anything. */
  readonly peek?: (world: World) => void
  /** Lets the strategy change what it may only read, to see what comes of it. */
  readonly lax?: boolean
  /** The work in front of a server, in milliseconds; otherwise more for whoever has more in flight. */
  readonly work?: (server: Endpoint) => number
  readonly rng?: Rng
  readonly memory?: Memory
}

/** A request under way. */
interface Open {
  readonly server: Endpoint
  readonly request: number
}

/** Server number 0 is a, 27 is b1. */
export function letter(number: number): string {
  return String.fromCharCode(97 + (number % 26)) + (number < 26 ? '' : Math.floor(number / 26))
}

/** A balancer with the subject in it, a clock, dice and servers that say how they are; and the story of what happened. */
export class World {
  readonly clock = new Clock(1000)
  readonly balancer: Balancer
  /** What the subject's factory made. */
  strategy!: Strategy
  /** Every server there ever was, by number. */
  readonly members: Endpoint[] = []
  readonly open: Open[] = []
  /** The numbers of the servers that requests went to, in order; -1: nobody could take it. */
  readonly picks: number[] = []
  readonly story: string[]
  private readonly manner: Manner
  /** Who was asked how it is, and when the answer comes. */
  private readonly asked: { readonly server: Endpoint; readonly due: number }[] = []
  private requests = 0

  constructor(subject: Subject, manner: Manner = {}, story: string[] = []) {
    this.manner = manner
    this.story = story
    const referee = manner.referee ?? ((): void => {})
    const made = (strategy: Strategy): void => void (this.strategy = strategy)
    const strategy = watch(subject.factory, { referee, made, lax: manner.lax ?? false })
    this.balancer = new Balancer({
      clock: this.clock,
      rng: manner.rng ?? new Rng(3),
      memory: manner.memory ?? new Memory(SLOTS),
      strategy,
      ask: (server) => void this.asked.push({ server, due: this.clock.now + NEWS }),
      remainingWork: (server) => this.workOf(server),
    })
  }

  begin(servers: readonly ServerPlan[]): this {
    const numbers = servers.map((_, number) => number)
    const all = servers.map((server, number) => this.make(number, server))
    this.members.push(...all)
    for (const number of this.manner.order ?? numbers) this.balancer.add(all[number])
    this.story.push(`${all.length} servers: ${all.map(describe).join(', ')}`)
    return this
  }

  play(steps: readonly Step[]): this {
    for (const step of steps) {
      this.manner.peek?.(this)
      this.step(step)
    }
    return this
  }

  step(step: Step): void {
    switch (step.kind) {
      case 'request':
        this.request(step.key)
        return
      case 'retry': {
        const present = this.present()
        const avoid = step.avoid.flatMap((i) => present[i] ?? [])
        this.request(step.key, step.attempt, avoid)
        return
      }
      case 'end':
        if (this.open.length > 0)
          this.end(step.which % this.open.length, step.latency, step.outcome)
        return
      case 'wait':
        this.wait(step.time)
        return
      case 'tick':
        this.balancer.tick()
        return
      case 'add':
        if (this.members.length - this.gone() < SLOTS - 2) this.add(step)
        return
      case 'remove':
      case 'fail':
      case 'heal':
      case 'weigh':
      case 'hear':
        this.change(step)
    }
  }

  add(plan: ServerPlan): Endpoint {
    const server = this.make(this.members.length, plan)
    this.members.push(server)
    this.story.push(`${describe(server)} is added`)
    this.balancer.add(server)
    return server
  }

  /** What a server still has to do. Enough to tell servers apart: whoever has more in hand has more to do. */
  workOf(server: Endpoint): number {
    const { work } = this.manner
    if (work !== undefined) return work(server)
    return server.inflight * (10 + (this.balancer.servers.indexOf(server) % 3))
  }

  /** Gives back who got it. */
  request(key: number, attempt = 0, avoid: readonly Endpoint[] = []): Endpoint | undefined {
    const { balancer } = this
    const usable = balancer.servers.filter((server) => server.usable)
    const number = ++this.requests
    const avoiding = avoid.length === 0 ? '' : ` avoiding ${avoid.map(({ id }) => id).join(', ')}`
    const again = attempt === 0 ? '' : `, try ${attempt + 1}${avoiding}`
    this.story.push(`request ${number} (key ${key}${again}) …`)
    const server = balancer.acquire(key, attempt, attempt === 0 ? undefined : avoid)
    this.story[this.story.length - 1] =
      `request ${number} (key ${key}${again}) goes to ${server?.id ?? 'nobody'}`
    if (server === undefined ? usable.length > 0 : !usable.includes(server)) {
      const could = usable.map(({ id }) => id).join(', ')
      found(`${server?.id ?? 'nobody'} got it, of ${could} that could`, 'membership')
    }
    this.picks.push(server === undefined ? -1 : this.members.indexOf(server))
    if (server !== undefined) this.open.push({ server, request: number })
    return server
  }

  /** Ends the request at that place among those that are open. */
  end(place: number, latency: number, outcome: Outcome): void {
    const [{ server, request }] = this.open.splice(place, 1)
    this.story.push(`request ${request} to ${server.id} ends after ${latency} ms: ${outcome}`)
    this.balancer.release(server, latency, outcome)
    if (server.inflight < 0) found(`${server.id} has ${server.inflight} requests in flight`)
  }

  /** Ends all requests that are open. */
  drain(latency = 10, outcome: Outcome = 'ok'): void {
    while (this.open.length > 0) this.end(0, latency, outcome)
  }

  /** One line of the story for all that happens in `work`, unless it goes wrong. */
  quietly<T>(line: string, work: () => T): T {
    const length = this.story.push(line)
    const result = work()
    this.story.length = length
    return result
  }

  /** Many requests, each over before the next one comes, too many for the story. */
  flood(count: number): void {
    for (let i = 0; i < count; i++) {
      const server = this.balancer.acquire(keyAt(i), 0)
      if (server === undefined) return found('nobody could take it', 'membership')
      this.balancer.release(server, 10, 'ok')
    }
  }

  /** Lets time pass, and news arrive when it is due. */
  wait(time: number): void {
    const { asked, clock } = this
    const end = clock.now + time
    this.story.push(`${time} ms pass`)
    while (asked.length > 0 && asked[0].due <= end) {
      const { server, due } = asked.shift()!
      clock.now = due
      this.hear(server, this.reportOf(server))
    }
    clock.now = end
  }

  hear(server: Endpoint, report: Report): void {
    if (this.balancer.listens) this.story.push(`${server.id} says ${words(report)}`)
    this.balancer.heard(server, report)
  }

  /** News that is on its way never arrives. */
  forget(): void {
    this.asked.length = 0
  }

  private change(
    step: Exclude<Step, { kind: 'add' | 'request' | 'retry' | 'end' | 'wait' | 'tick' }>,
  ): void {
    const { balancer } = this
    const present = this.present()
    if (present.length === 0) return
    const server = present[step.which % present.length]
    switch (step.kind) {
      case 'remove':
        this.story.push(`${server.id} is removed`)
        balancer.remove(server)
        return
      case 'fail':
      case 'heal':
        this.story.push(`${server.id} ${step.kind === 'fail' ? 'fails' : 'passes'} its checks`)
        balancer.setHealthy(server, step.kind === 'heal')
        return
      case 'weigh':
        this.story.push(`${server.id} gets weight ${step.weight}`)
        balancer.setWeight(server, step.weight * (this.manner.scale ?? 1))
        return
      case 'hear':
        this.hear(server, step.report)
    }
  }

  /** What a server of this world says of itself when it is asked: it can do four requests at a time for each unit of weight. */
  private reportOf({ inflight, weight }: Endpoint): Report {
    const unscaled = weight / (this.manner.scale ?? 1)
    const utilization = Math.min(1, inflight / (4 * Math.max(unscaled, 0.25)))
    return { inflight, latency: 10 + inflight, utilization, rate: 50, errorRate: 0 }
  }

  private make(number: number, { weight, max }: ServerPlan): Endpoint {
    const name = this.manner.name ?? letter
    return new Endpoint(name(number), { weight: weight * (this.manner.scale ?? 1), max })
  }

  /** The servers in the balancer, by number, whatever the order in which they were added. */
  private present(): Endpoint[] {
    return this.members.filter((server) => this.balancer.servers.includes(server))
  }

  /** How many have left for good. */
  private gone(): number {
    return this.members.filter((server) => server.slot < 0).length
  }
}

/** Plays a whole plan. */
export function play(
  subject: Subject,
  plan: Plan,
  manner: Manner = {},
  story: string[] = [],
): World {
  return new World(subject, manner, story).begin(plan.servers).play(plan.steps)
}

function describe(server: Endpoint): string {
  const weight = server.weight === 1 ? [] : [`weight ${server.weight}`]
  const parts = server.max === Infinity ? weight : [...weight, `max ${server.max}`]
  return parts.length === 0 ? server.id : `${server.id} (${parts.join(', ')})`
}

function words(report: Report): string {
  const parts = Object.entries(report).filter(([, value]) => !Number.isNaN(value))
  return parts.length === 0
    ? 'nothing'
    : parts.map(([name, value]) => `${name} ${value}`).join(', ')
}
