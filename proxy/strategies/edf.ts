import type { Endpoint } from '../core/endpoint.ts'
import type { Lock } from '../core/lock.ts'
import { choice, type ValuesOf } from '../core/options.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

export const EDF_OPTIONS = {
  phase: choice(
    ['random', 'full'],
    'random',
    'how long a new server waits for its first turn: a random part of 1/weight, or all of it',
  ),
}

/**
 * Places in `time`: the deadline last met, how many places in the order of waiting were given out, and how often time was set
 * back.
 */
const NOW = 0
const ISSUED = 1
const SET_BACK = 2

/** When time is set back. Up to here a wait of a millionth, that of the heaviest weight, is rounded by less than 1/8000. */
const LATE = 2 ** 20

/** Where it is set back to: not to 0, since that stands for no deadline. */
const EARLY = 1

const WORDS: Words = {
  strategy: 'edf',
  score: 'how long until it is due, in the time of the schedule',
  best: 'lowest',
  ties: 'the one whose deadline was set first',
  facts: ['time of the schedule'],
}

/**
 * Gives each server a deadline, a wait of 1/weight after the one before, and takes the one that is due first (EDF).
 *
 * The schedule of Envoy's weighted round robin, of gRPC's design A58 ("weighted_round_robin LB policy", 2023) and,
 * much earlier, of networks: Demers, Keshav and Shenker, "Analysis and Simulation of a Fair Queueing Algorithm", SIGCOMM 1989.
 * Time is virtual: it is the deadline that was met last, and never runs backwards. (When it is late it is set back, and all
 * deadlines with it: beside a large number a short wait is rounded, and beside a very large one it is nothing.) Equal
 * deadlines are met in the order in which they were set, so equal weights are round robin.
 *
 * Let u be the part of 1/w that a server waits for its first turn, U the sum of all n of them. Its k-th deadline is
 * (k - 1 + u) / w. When the deadlines up to v are met it had p picks, v·w - u ≤ p ≤ v·w + 1 - u; the same of the others adds up
 * to t, the number of all picks; without v that leaves, for its share s = w/W,
 *
 *     -(u + (n - 1 - U)·s)  ≤  p - t·s  ≤  1 - u + (U - 1)·s
 *
 * With `full` (u = 1, as in Envoy) nobody is a whole pick behind, and who has a large share can be (n - 1)·s picks ahead:
 * after a start the heavy ones come first. With `random` (u from 0 to 1, as in A58), which is the default, everybody is less
 * than 1 + (n - 2)·s away from its due, whatever the dice show, and on average it is right from the first pick.
 *
 * Envoy makes its heap anew, with new deadlines, whenever a server comes or goes; when that happens often the light ones are
 * never picked (envoyproxy/envoy pull request 10064). Here deadlines outlive it: a server that returns goes on waiting, or is
 * due at once if its turn has passed meanwhile, and does not catch up on what it missed. When a weight changes, what is left of the
 * wait is scaled with it.
 *
 * A pick costs O(log n): one server moves down a heap. Memory: a deadline, the weight it was set for and a place in the order of
 * waiting, a server. Threads share those, and each has a heap of its own, whose keys it brings up to date as they come up.
 */
export class Edf implements Strategy {
  readonly name = 'edf'
  private readonly full: boolean
  private readonly lock: Lock
  private readonly rng: Rng
  private readonly time: Float64Array
  /** By slot; a deadline of 0: it has none yet. */
  private readonly deadline: Float64Array
  private readonly order: Float64Array
  private readonly weightThen: Float64Array
  /** How often time had been set back when `due` was read. */
  private setBack = 0
  private servers: readonly Endpoint[] = []
  /** Places in the list, the one that is due first on top. */
  private heap = new Int32Array(0)
  /** By place in the list: the deadline and the order as of when it was put where it is in the heap. */
  private due = new Float64Array(0)
  private turn = new Float64Array(0)

  constructor({ memory, rng }: StrategyContext, { phase }: ValuesOf<typeof EDF_OPTIONS>) {
    this.full = phase === 'full'
    this.lock = memory.lock
    this.rng = rng
    this.time = memory.floats(3)
    this.deadline = memory.floatPerSlot()
    this.order = memory.floatPerSlot()
    this.weightThen = memory.floatPerSlot()
  }

  update(servers: readonly Endpoint[]): void {
    const n = servers.length
    this.servers = servers
    this.heap = new Int32Array(n)
    this.due = new Float64Array(n)
    this.turn = new Float64Array(n)
    this.lock.enter()
    for (let i = 0; i < n; i++) this.schedule(servers[i].slot, servers[i].weight)
    this.read()
    this.lock.leave()
    this.build()
  }

  pick(): Endpoint {
    const { deadline, due, heap, lock, order, servers, time, turn, weightThen } = this
    lock.enter()
    if (time[NOW] >= LATE) this.begin()
    if (time[SET_BACK] !== this.setBack) {
      this.read()
      this.build()
    }
    for (;;) {
      const i = heap[0]
      const server = servers[i]
      const { slot } = server
      if (order[slot] !== turn[i]) {
        // Another thread picked it meanwhile.
        due[i] = deadline[slot]
        turn[i] = order[slot]
        this.sink(0)
        continue
      }
      // Between telling one thread of a change and telling another a deadline may lie in the past.
      if (deadline[slot] > time[NOW]) time[NOW] = deadline[slot]
      deadline[slot] = due[i] = time[NOW] + 1 / server.weight
      order[slot] = turn[i] = ++time[ISSUED]
      weightThen[slot] = server.weight
      lock.leave()
      this.sink(0)
      return server
    }
  }

  explain(sight: Sight): void {
    const { deadline, order, servers, time } = this
    const now = time[NOW]
    const by = now >= LATE ? now - EARLY : 0
    sight.words = WORDS
    sight.facts[0] = now - by
    if (sight.brief) return
    let best = -1
    for (let i = 0; i < servers.length; i++) {
      const { slot } = servers[i]
      // As if time were set back first: what lies in the past is due now.
      const due = by === 0 ? deadline[slot] : Math.max(deadline[slot] - by, EARLY)
      sight.see(servers[i])
      sight.score[slot] = due - (now - by)
      const less = best < 0 ? -1 : sight.score[slot] - sight.score[best]
      if (less < 0 || (less === 0 && order[slot] < order[best])) best = slot
    }
    sight.expected = best
  }

  settled(): void {}

  /** Sees to it that this slot has a deadline, now or later, that goes with the weight. A second time it changes nothing. */
  private schedule(slot: number, weight: number): void {
    const { deadline, order, time, weightThen } = this
    let wait = deadline[slot] - time[NOW]
    if (deadline[slot] === 0) wait = (this.full ? 1 : 1 - this.rng.int(GRAIN) / GRAIN) / weight
    else if (wait < 0) wait = 0
    else if (weightThen[slot] === weight) return
    else wait *= weightThen[slot] / weight
    deadline[slot] = time[NOW] + wait
    order[slot] = ++time[ISSUED]
    weightThen[slot] = weight
  }

  /** Takes what the threads share as it is now. */
  private read(): void {
    const { deadline, due, order, servers, turn } = this
    this.setBack = this.time[SET_BACK]
    for (let i = 0; i < servers.length; i++) {
      const { slot } = servers[i]
      due[i] = deadline[slot]
      turn[i] = order[slot]
    }
  }

  /** Makes the heap. */
  private build(): void {
    const { heap } = this
    for (let i = 0; i < heap.length; i++) heap[i] = i
    for (let i = (heap.length >> 1) - 1; i >= 0; i--) this.sink(i)
  }

  /**
   * Sets time back, and every deadline with it. What lies in the past is due now. That is exact: of two numbers so near to each
   * other the difference has no more digits than they have. If a thread dies in between, the next one does it all again,
   * since the time comes last; what was set back already is then due now.
   */
  private begin(): void {
    const { deadline, time } = this
    time[SET_BACK]++
    const by = time[NOW] - EARLY
    for (let slot = 0; slot < deadline.length; slot++) {
      if (deadline[slot] !== 0) deadline[slot] = Math.max(deadline[slot] - by, EARLY)
    }
    time[NOW] = EARLY
  }

  /** Moves what is at this place of the heap down to where it belongs. */
  private sink(place: number): void {
    const { due, heap, turn } = this
    const n = heap.length
    const moved = heap[place]
    for (;;) {
      let child = 2 * place + 1
      if (child >= n) break
      let next = heap[child]
      if (child + 1 < n) {
        const other = heap[child + 1]
        if (due[other] < due[next] || (due[other] === due[next] && turn[other] < turn[next])) {
          next = other
          child++
        }
      }
      if (due[moved] < due[next] || (due[moved] === due[next] && turn[moved] < turn[next])) break
      heap[place] = next
      place = child
    }
    heap[place] = moved
  }
}
