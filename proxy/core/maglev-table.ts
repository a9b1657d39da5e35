/** No table has as many rounds. */
const NEVER = 2 ** 30

/** How one server wants to go through the table: where it begins, how far it steps, and its weight. */
export interface Preference {
  /** From 0 to the size of the table, without it. */
  readonly offset: number
  /** From 1 to the size of the table, without it. */
  readonly skip: number
  readonly weight: number
}

/**
 * Fills a table of a prime size: which server, by its place in the list, each slot belongs to.
 *
 * Every server has an order of preference over all slots, `offset + k·skip` modulo the size, which reaches each of them
 * once since the size is prime. They take turns, in the order of the list, and each takes the slot it likes best of those
 * that are free, until none is. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016,
 * section 3.4.
 *
 * With weights as in Envoy: the heaviest has a turn in each round, another one only in rounds where it has fallen behind
 * its share of the heaviest's. So after r whole rounds a server of weight w has at least r·w/w_max slots, and at most one
 * more; with equal weights the counts of two differ by at most one.
 *
 * A slot is looked at about ln(size) times, and a server once a round: where one is far heavier than a thousand others
 * there are many rounds, and they take most of the time.
 */
export function maglevTable(size: number, servers: readonly Preference[]): Int32Array<ArrayBuffer> {
  const n = servers.length
  const table = new Int32Array(size).fill(-1)
  const at = Int32Array.from(servers, ({ offset }) => offset)
  const skip = Int32Array.from(servers, ({ skip }) => skip)
  const weight = Float64Array.from(servers, ({ weight }) => weight)
  const taken = new Int32Array(n)
  const due = new Int32Array(n) // In which round the next turn is.
  const most = weight.reduce((most, each) => Math.max(most, each), 0)
  let free = size
  for (let round = 1; free > 0; round++) {
    for (let i = 0; i < n && free > 0; i++) {
      if (round < due[i]) continue
      let slot = at[i]
      while (table[slot] >= 0) {
        slot += skip[i]
        if (slot >= size) slot -= size
      }
      table[slot] = i
      at[i] = slot
      taken[i]++
      due[i] = Math.min(Math.ceil((taken[i] * most) / weight[i]), NEVER)
      free--
    }
  }
  return table
}
