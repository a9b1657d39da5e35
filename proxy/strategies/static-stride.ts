import type { Endpoint } from '../core/endpoint.ts'
import type { Memory } from '../core/memory.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

/** What the heaviest server weighs after scaling. Weights of 16 bits: weight × generation fits in 32. */
const MOST = 0xffff
/** Half of it, rounded down: how far the phases of neighbours in the list are apart. */
const OFFSET = 0x7fff
/** At most so many times the mean, so that a pick is at most about so many steps. */
const CLIP_ABOVE = 10
/** And at least so many times the mean. */
const CLIP_BELOW = 0.01
/** Where the counter is set back: the largest count that no engine boxes. */
const TURNING = 2 ** 30

const WORDS: Words = {
  strategy: 'static_stride',
  score:
    'how far its place of this round is above what it needs for a turn; below 0 it sits the round out',
  best: 'highest',
  ties: 'the list is gone through, and the first who is not below 0 is taken: not the highest',
  facts: ['steps so far'],
}

/**
 * Goes through the list again and again, and lets each server sit out rounds in proportion to what it lacks in weight.
 *
 * Weights are scaled so that the heaviest is 65,535. In round g the server at place i, of weight w, is picked if
 * (w·g + 32767·i) mod 65535 is one of the w highest remainders: if the line of slope w / 65535 that began at its own phase
 * passes a whole number there. So in any G rounds it is picked less than once more or less than G·w / 65535 times, and in
 * 65,535 rounds exactly w times. The phase keeps neighbours of equal weight from sitting out the same round.
 *
 * From gRPC (`static_stride_scheduler.cc`, Google, 2022; design A58, "weighted_round_robin LB policy", 2023), which came to it
 * from earliest deadline first (edf.ts) because a heap needs a lock. All that changes here is one counter, so threads share
 * it with one atomic addition and the shares are exact over all of them. As in gRPC weights are clipped at 10 times and at
 * 1/100 of their mean: a server that much heavier or lighter than the rest does not get exactly its due. gRPC reads weight
 * 0 as unknown and takes the mean; here 0 is never eligible. The count begins at random, as there, so that many proxies
 * do not march in step. When servers come or go the count is read anew, as a place in the new list.
 *
 * A pick costs heaviest / mean steps on average, each an addition and three divisions, and never more than n: seldom above 10,
 * but a server that outweighs all others together makes it hundreds, clipped or not. Memory: the counter.
 */
export class StaticStride implements Strategy {
  readonly name = 'static_stride'
  private readonly memory: Memory
  private readonly rng: Rng
  /** Steps so far, counted from a random one; 0: nobody has begun. */
  private readonly counter: Int32Array
  private servers: readonly Endpoint[] = []
  /** By place in the list: the scaled weight, and the phase. */
  private weights: Int32Array = new Int32Array(0)
  private phases = new Int32Array(0)
  /** What the counter is set back by: as many whole periods of 65,535 rounds as fit. */
  private back = 0

  constructor({ memory, rng }: StrategyContext) {
    this.memory = memory
    this.rng = rng
    this.counter = memory.ints(1)
  }

  update(servers: readonly Endpoint[]): void {
    const n = servers.length
    this.servers = servers
    this.weights = scaled(servers)
    this.phases = new Int32Array(n)
    for (let i = 0; i < n; i++) this.phases[i] = (i * OFFSET) % MOST
    this.back = TURNING - (TURNING % (n * MOST))
    this.memory.swap(this.counter, 0, 0, 1 + this.rng.int(TURNING - 1))
  }

  pick(): Endpoint {
    const { counter, memory, phases, servers, weights } = this
    const n = servers.length
    for (;;) {
      const step = memory.add(counter, 0, 1)
      // Exactly one thread gets this number. By whole periods: nobody notices. (Above 16,384 servers no period fits. Then
      // the count runs over, after 2^32 steps, which is a jump to another round.)
      if (step === TURNING) memory.add(counter, 0, -this.back)
      const count = step >>> 0
      const i = count % n
      const round = ((count - i) / n) % MOST
      // Both factors are below 2^16, and with the phase the sum is still below 2^32.
      const place = ((Math.imul(weights[i], round) + phases[i]) >>> 0) % MOST
      if (place >= MOST - weights[i]) return servers[i]
    }
  }

  explain(sight: Sight): void {
    const { counter, phases, servers, weights } = this
    const n = servers.length
    let step = counter[0]
    sight.words = WORDS
    sight.facts[0] = step >>> 0
    for (;;) {
      const at = (step = (step + 1) | 0)
      if (step === TURNING) step -= this.back
      const count = at >>> 0
      const i = count % n
      const round = ((count - i) / n) % MOST
      const place = ((Math.imul(weights[i], round) + phases[i]) >>> 0) % MOST
      const { slot } = servers[i]
      sight.see(servers[i])
      sight.score[slot] = place - (MOST - weights[i])
      if (sight.score[slot] < 0) continue
      sight.expected = slot
      return
    }
  }

  settled(): void {}
}

/** Weights as whole numbers up to 65,535, which at least one of them has: so every round picks somebody. */
function scaled(servers: readonly Endpoint[]): Int32Array {
  let total = 0
  let heaviest = 0
  for (const { weight } of servers) {
    total += weight
    if (weight > heaviest) heaviest = weight
  }
  const mean = total / servers.length
  const ceiling = Math.min(heaviest, CLIP_ABOVE * mean)
  const scale = MOST / ceiling
  const floor = Math.max(1, Math.round(CLIP_BELOW * Math.round(mean * scale)))
  const weights = new Int32Array(servers.length)
  for (let i = 0; i < servers.length; i++) {
    weights[i] = Math.max(floor, Math.round(Math.min(servers[i].weight, ceiling) * scale))
  }
  return weights
}
