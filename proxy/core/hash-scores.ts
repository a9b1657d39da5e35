import { weightsOf } from './by-place.ts'
import type { Endpoint } from './endpoint.ts'
import { mix32 } from './hash.ts'
import { log } from './logarithm.ts'
import type { Sight } from './sight.ts'
import { byId, serverHash } from './server-hash.ts'

/**
 * A score for every pair of key and server, and whose is the highest.
 *
 * With u between 0 and 1, hashed from key and server, a server of weight w scores -w / ln u. That is the inverse of a
 * waiting time with rate w, and of such waits the one with rate w is the shortest with a probability of w over the sum of
 * all: exactly the share that is due. A score depends on that server alone, so what others do can only turn the comparison,
 * never the score.
 *
 * With equal weights the highest u has the highest score, and the logarithm is spared.
 *
 * Who goes away keeps its hashes and its place in the order, until somebody comes who has none.
 */
export class HashScores {
  /** In order of id, so that of equal scores the smaller id is met first and stays. */
  private servers: readonly Endpoint[] = []
  private first = new Int32Array(0)
  private second = new Int32Array(0)
  private weights = new Float64Array(0)
  private equal = true
  /** Those here and those away, in order of id; where each is; and the hashes of each. */
  private members: Endpoint[] = []
  private readonly known = new Map<string, number>()
  private hashes: (readonly [first: number, second: number])[] = []

  update(servers: readonly Endpoint[]): void {
    const { known } = this
    if (!servers.every(({ id }) => known.has(id))) this.learn(byId(servers))
    const { hashes, members } = this
    const here = new Uint8Array(members.length)
    for (const server of servers) {
      const member = known.get(server.id)!
      members[member] = server // Maybe somebody else with the same name.
      here[member] = 1
    }
    const sorted = members.filter((_, member) => here[member] === 1)
    this.servers = sorted
    this.weights = weightsOf(sorted)
    this.equal = sorted.every(({ weight }) => weight === sorted[0].weight)
    this.first = new Int32Array(sorted.length)
    this.second = new Int32Array(sorted.length)
    for (let member = 0, i = 0; member < members.length; member++) {
      if (here[member] === 0) continue
      this.first[i] = hashes[member][0]
      this.second[i] = hashes[member][1]
      i++
    }
  }

  /** Hot: whose the key is; if `full` is given, the best whose slot is 0 there, or undefined if there is none. */
  find(key: number, full?: Uint8Array): Endpoint | undefined {
    return this.equal ? this.highest(key, full) : this.weighted(key, full)
  }

  /** Every score for this key. */
  explain(sight: Sight, key: number): void {
    const { first, second, servers, weights } = this
    const mixed = mix32(key)
    for (let i = 0; i < servers.length; i++) {
      const u = ((mix32(mixed ^ first[i]) ^ second[i]) + 0x80000000 + 0.5) / 0x100000000
      sight.see(servers[i])
      sight.score[servers[i].slot] = -weights[i] / log(u)
    }
  }

  private learn(members: Endpoint[]): void {
    this.members = members
    this.hashes = members.map(({ id }) => serverHash(id))
    this.known.clear()
    members.forEach(({ id }, member) => this.known.set(id, member))
  }

  /** Where all weigh the same. */
  private highest(key: number, full: Uint8Array | undefined): Endpoint | undefined {
    const { first, second, servers } = this
    const mixed = mix32(key)
    let best: Endpoint | undefined
    let most = 0
    for (let i = 0; i < servers.length; i++) {
      const bits = mix32(mixed ^ first[i]) ^ second[i]
      if (best !== undefined && bits <= most) continue
      if (full !== undefined && full[servers[i].slot] !== 0) continue
      best = servers[i]
      most = bits
    }
    return best
  }

  private weighted(key: number, full: Uint8Array | undefined): Endpoint | undefined {
    const { first, second, servers, weights } = this
    const mixed = mix32(key)
    let best: Endpoint | undefined
    let most = 0
    for (let i = 0; i < servers.length; i++) {
      const bits = mix32(mixed ^ first[i]) ^ second[i]
      // From half a step above 0 to half a step below 1: neither logarithm nor quotient is ever infinite, nor the score 0.
      const u = (bits + 0x80000000 + 0.5) / 0x100000000
      // Since -ln u > 1 - u, most need no logarithm: they would lose even so. (The difference is far above any rounding.)
      if (weights[i] <= most * (1 - u)) continue
      const score = -weights[i] / log(u)
      if (score <= most) continue
      if (full !== undefined && full[servers[i].slot] !== 0) continue
      best = servers[i]
      most = score
    }
    return best
  }
}
