import { fmix32, hash32 } from './hash.ts'
import { Rng } from './rng.ts'

/**
 * Three ways to give each of many clients a few of many servers, so that they need not all keep connections to all.
 *
 * Each says how much of every server, from 0 to 1, client number `client` of `clients` (counted from 0) is to use. Servers
 * come in an order that all clients agree on; `agreed` makes one.
 */

/** Positions in an order that depends on nothing but the ids: by their hashes, so that names in a row are no neighbours. */
export function agreed(ids: readonly string[]): number[] {
  return byHash(ids, 0)
}

/**
 * Clients and servers lie on two rings of the same length; client k of C begins at k/C and takes the same width as all
 * others, of whole clients' shares: N/C with the least N that covers `size` servers. So each point of the ring is covered
 * exactly N times, and each server gets the same. A server may be covered in part. Finagle's deterministic aperture
 * (Twitter; in its source `DeterministicAperture.dApertureWidth`), Billy Yuan and others, "Deterministic Aperture" (2019).
 *
 * Counted in steps of 1/(servers · clients) of the ring, so that nothing is rounded.
 */
export function ringSubset(
  servers: number,
  client: number,
  clients: number,
  size: number,
): Float64Array {
  const ring = servers * clients
  const turns = Math.min(Math.ceil((size * clients) / servers), clients)
  const begin = client * servers
  const end = begin + turns * servers
  return Float64Array.from({ length: servers }, (_, i) => {
    const [first, last] = [i * clients, (i + 1) * clients]
    const straight = Math.min(end, last) - Math.max(begin, first)
    const wrapped = Math.min(end - ring, last) - first // What goes on past the end begins at 0.
    return (Math.max(straight, 0) + Math.max(wrapped, 0)) / clients
  })
}

/**
 * Clients come in rounds of as many as there are whole subsets. Each round shuffles the servers in its own way, and its clients
 * take the shuffled list piece by piece. So a round gives each server to one client, but for those that are left over.
 * Alejandro Forero Cuervo, "Load Balancing in the Datacenter", chapter 20 of "Site Reliability Engineering" (2016).
 */
export function shuffledSubset(servers: number, client: number, size: number): Float64Array {
  const subset = new Float64Array(servers)
  const subsets = Math.floor(servers / size)
  if (subsets === 0) return subset.fill(1)
  const list = Array.from(subset, (_, i) => i)
  const rng = new Rng(Math.floor(client / subsets))
  for (let i = servers - 1; i > 0; i--) {
    const j = rng.int(i + 1)
    const swapped = list[i]
    list[i] = list[j]
    list[j] = swapped
  }
  const begin = (client % subsets) * size
  for (let i = begin; i < begin + size; i++) subset[list[i]] = 1
  return subset
}

/**
 * Each client takes the servers whose hashes, together with its own number, are the smallest. So when one server comes or goes
 * at most one changes, in exchange for shares that are even only on average. gRPC's random subsetting (proposal A68), by
 * rendezvous hashing (David Thaler and Chinya Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM
 * Transactions on Networking 6(1), 1998).
 */
export function hashedSubset(ids: readonly string[], client: number, size: number): Float64Array {
  const subset = new Float64Array(ids.length)
  for (const position of byHash(ids, fmix32(client + 1)).slice(0, size)) subset[position] = 1
  return subset
}

function byHash(ids: readonly string[], seed: number): number[] {
  const hashes = ids.map((id) => hash32(id, seed))
  const positions = ids.map((_, i) => i)
  return positions.sort((a, b) => hashes[a] - hashes[b] || (ids[a] < ids[b] ? -1 : 1))
}
