import { BySlot } from '../core/by-slot.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Memory } from '../core/memory.ts'
import { choice, type ValuesOf } from '../core/options.ts'
import type { Report } from '../core/report.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { DRAWN, IN_LINE, STALE } from '../core/sight.ts'

export const JOIN_IDLE_QUEUE_OPTIONS = {
  notice: choice(
    ['own', 'reported'],
    'own',
    "who says that a server is idle: this balancer's own counts, or the server",
  ),
}

/** In `state`: head and length of the queue. */
const HEAD = 0
const LENGTH = 1

const WORDS: Words = {
  strategy: 'join_idle_queue',
  score: 'place in the line of the idle',
  best: 'lowest',
  ties: 'nobody has the place of another; if nobody is idle, any at random',
  facts: ['entries in the line'],
}

/**
 * Takes the server that has been idle for longest; if none is, any at random.
 *
 * Looking for the least busy server is on the critical path: the request waits for it. Here servers that run out of work
 * join a queue, and a request takes the first of it: no look at anybody, however many there are. Yi Lu,
 * Qiaomin Xie, Gabriel Kliot, Alan Geller, James Larus and Albert Greenberg, "Join-Idle-Queue: A novel load balancing
 * algorithm for dynamically scalable web services", Performance Evaluation 68(11), 2011. With one dispatcher nobody waits
 * while somebody is idle; among busy servers it is no better than chance, so under overload two choices win.
 *
 * The paper has many dispatchers, each with a queue, and a server that becomes idle joins one of them. With `notice: own`
 * (the default) this balancer's own counts say who is idle: exact where it is the only one. With `notice: reported` only a
 * server's own word does, a report of no requests in hand, so that it holds for many balancers. To hear it, the server is asked
 * when the last request that it has from here ends and, while its word is still out, whenever the eligible change. It joins
 * the queue of whoever hears it, so each may send it a request (the paper's server joins one queue, at random or the
 * shorter of two).
 *
 * The queue is first in, first out, and has a server once at most. An entry can be stale: its server has meanwhile got a
 * request by chance or by a retry, or is not eligible. Such entries are dropped when they come up. Idle servers that are
 * eligible again, or new, join in order from a random one, so that many proxies started together do not march in step.
 * Weights are ignored, as in the paper: an idle server is as good as another.
 *
 * A pick costs the entries that it drops, each of which was joined once, or one random number. Memory: the queue, and two
 * marks a server. Threads share one queue.
 */
export class JoinIdleQueue implements Strategy {
  readonly name = 'join_idle_queue'
  readonly heard?: (server: Endpoint, report: Report) => void
  private readonly ask: StrategyContext['ask']
  private readonly inflights: Int32Array
  private readonly memory: Memory
  private readonly rng: Rng
  /** Slots, in a circle, from `HEAD` on. */
  private readonly queue: Int32Array
  private readonly state: Int32Array
  /** 1 for a slot that is in the queue. Not cleared when the slot gets a new server, since the queue is not either. */
  private readonly queued: Int32Array
  /** 1 for a server that said it was idle, and has not been picked since: whose entry is good. */
  private readonly idle: Int32Array
  private servers: readonly Endpoint[] = []
  private readonly bySlot: BySlot

  constructor(
    { ask, inflights, memory, rng }: StrategyContext,
    { notice }: ValuesOf<typeof JOIN_IDLE_QUEUE_OPTIONS>,
  ) {
    this.ask = ask
    this.inflights = inflights
    this.memory = memory
    this.rng = rng
    this.queue = memory.ints(memory.slots)
    this.state = memory.ints(2)
    this.queued = memory.ints(memory.slots)
    this.idle = memory.intPerSlot()
    this.bySlot = new BySlot(memory.slots)
    if (notice === 'reported') this.heard = (server, report) => this.hear(server, report)
  }

  update(servers: readonly Endpoint[]): void {
    const idle = servers.filter((server) => server.inflight === 0)
    const start = this.rng.int(Math.max(1, idle.length))
    for (let i = 0; i < idle.length; i++) {
      const server = idle[(start + i) % idle.length]
      if (this.heard === undefined) this.join(server.slot)
      else if (this.idle[server.slot] === 0) this.ask(server)
    }
    this.servers = servers
    this.bySlot.set(servers)
  }

  pick(): Endpoint {
    const { bySlot, idle, inflights, memory, queue, queued, rng, servers, state } = this
    // Without the lock: to find the queue empty is right, or was a moment ago.
    while (state[LENGTH] > 0) {
      memory.lock.enter()
      let slot = -1
      if (state[LENGTH] > 0) {
        const entry = queue[state[HEAD]]
        state[HEAD] = (state[HEAD] + 1) % queue.length
        state[LENGTH]--
        queued[entry] = 0
        if (idle[entry] === 1) slot = entry
        idle[entry] = 0
      }
      memory.lock.leave()
      if (slot < 0 || inflights[slot] > 0) continue
      const server = bySlot.at[slot]
      if (server !== undefined) return server
    }
    return servers[rng.int(servers.length)]
  }

  explain(sight: Sight): void {
    const { bySlot, idle, inflights, queue, rng, servers, state } = this
    sight.words = WORDS
    sight.facts[0] = state[LENGTH]
    for (let k = 0; k < state[LENGTH]; k++) {
      if (sight.expected >= 0 && sight.brief) return
      const slot = queue[(state[HEAD] + k) % queue.length]
      const server = bySlot.at[slot]
      if (server === undefined) continue
      const good = idle[slot] === 1 && inflights[slot] === 0
      sight.see(server, good ? IN_LINE : STALE)
      sight.score[slot] = k
      if (good && sight.expected < 0) sight.expected = slot
    }
    if (sight.expected >= 0) return
    const drawn = servers[rng.ahead().int(servers.length)]
    sight.see(drawn, DRAWN)
    sight.score[drawn.slot] = NaN
    sight.expected = drawn.slot
  }

  settled(server: Endpoint): void {
    if (server.inflight > 0) return
    if (this.heard === undefined) this.join(server.slot)
    else this.ask(server)
  }

  private hear(server: Endpoint, report: Report): void {
    if (report.inflight === 0) this.join(server.slot)
    else if (report.inflight > 0) this.idle[server.slot] = 0
  }

  /** Puts a slot at the end of the queue, unless it is in it: then its entry is as good as new. */
  private join(slot: number): void {
    const { idle, memory, queue, queued, state } = this
    memory.lock.enter()
    idle[slot] = 1
    if (queued[slot] === 0) {
      queued[slot] = 1
      queue[(state[HEAD] + state[LENGTH]) % queue.length] = slot
      state[LENGTH]++
    }
    memory.lock.leave()
  }
}
