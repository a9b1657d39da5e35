import type { Endpoint } from '../core/endpoint.ts'
import type { Memory } from '../core/memory.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import { NO_TIES, type Sight, type Words } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'round_robin',
  score: 'turns until it is its turn, after this one',
  best: 'lowest',
  ties: NO_TIES,
  facts: ['place in the list whose turn it is'],
}

/**
 * Takes the servers in turn, whatever their weight and load.
 *
 * As old as time sharing: Leonard Kleinrock, "Analysis of a time-shared processor", Naval Research Logistics Quarterly 11(1),
 * 1964. Among the senders at a packet switch: John Nagle, "On Packet Switches With Infinite Storage", RFC 970, 1985.
 *
 * Any k picks in a row over k servers reach each of them once. The eligible servers are filtered before the cursor is
 * applied, so when one leaves its share is spread over all the others; stepping over the dead one instead would give the
 * whole share to its neighbour. The turn begins at a random server, so that many proxies started together do not march in
 * step (kubernetes/ingress-nginx issue 4023).
 *
 * A pick costs a compare and swap, and another one when threads meet there. Memory: the cursor.
 */
export class RoundRobin implements Strategy {
  readonly name = 'round_robin'
  private readonly memory: Memory
  /** Whose turn it is, counted from 1; 0: nobody has had one yet. */
  private readonly cursor: Int32Array
  /** From 0 to 1: where in the list the turn begins. */
  private readonly start: number
  private servers: readonly Endpoint[] = []

  constructor({ memory, rng }: StrategyContext) {
    this.memory = memory
    this.cursor = memory.ints(1)
    this.start = rng.float()
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { cursor, memory, servers, start } = this
    // Several threads may share the cursor. A turn is taken by whoever moves it on; the others look again.
    for (;;) {
      const turn = cursor[0]
      let index = turn - 1
      if (turn === 0) index = Math.floor(start * servers.length)
      else if (turn > servers.length) index = 0
      if (memory.swap(cursor, 0, turn, index + 2)) return servers[index]
    }
  }

  explain(sight: Sight): void {
    const { cursor, servers, start } = this
    const n = servers.length
    const turn = cursor[0]
    const index = turn === 0 ? Math.floor(start * n) : turn > n ? 0 : turn - 1
    sight.words = WORDS
    sight.facts[0] = index
    sight.expected = servers[index].slot
    for (let away = 0; away < (sight.brief ? 1 : n); away++) {
      const server = servers[(index + away) % n]
      sight.see(server)
      sight.score[server.slot] = away
    }
  }

  settled(): void {}
}
