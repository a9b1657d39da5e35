import fc from 'fast-check'
import type { Claim } from '../../../proxy/core/claims.ts'
import { Finding, found } from '../finding.ts'
import { letter } from '../world.ts'

/** What a claim says of the picks in a row over servers that stay the same. Throws a `Finding`. */
export interface SequenceRule {
  /** Weights that the rule is about, none of them too large for a few periods to be looked at. */
  readonly weights: fc.Arbitrary<readonly number[]>
  /** How many picks it takes to see the rule broken if it ever is. */
  length(weights: readonly number[]): number
  /** Only one in so many examples can be looked at: they take that many picks. Otherwise 1. */
  readonly seldom?: number
  check(picks: readonly number[], weights: readonly number[]): void
}

/** Bounds are compared with this to spare: weights and sums are exact, but quotients are not. */
const CLOSE = 1e-9

/** 1 + 1/2 + … + 1/n. */
export function harmonic(n: number): number {
  let sum = 0
  for (let i = 1; i <= n; i++) sum += 1 / i
  return sum
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

const quarters = fc.array(fc.constantFrom(1, 1, 2, 3, 0.25, 0.5, 5, 7), {
  minLength: 2,
  maxLength: 6,
})
const equal = fc
  .integer({ min: 2, max: 7 })
  .chain((n) => fc.array(fc.constantFrom(1, 2, 5), { minLength: n, maxLength: n }))

/** Picks a period: the sum of the weights in units of the smallest part they have in common, here a quarter. */
function period(weights: readonly number[]): number {
  return 4 * sumOf(weights)
}

/** Walks along the picks and shows each server's lead: its picks less its due. */
export function eachLead(
  picks: readonly number[],
  weights: readonly number[],
  look: (lead: number, server: number, t: number) => void,
): void {
  const total = sumOf(weights)
  const counts = weights.map(() => 0)
  picks.forEach((number, i) => {
    counts[number]++
    counts.forEach((count, server) =>
      look(count - ((i + 1) * weights[server]) / total, server, i + 1),
    )
  })
}

export function within(lead: number, most: number, least: number, server: number, t: number): void {
  if (lead <= most + CLOSE && lead >= -least - CLOSE) return
  const [off, bound] =
    lead > 0 ? [`${lead.toFixed(4)} ahead`, most] : [`${(-lead).toFixed(4)} behind`, least]
  throw new Finding(
    `after ${t} picks ${letter(server)} is ${off} of its due, and ${bound.toFixed(4)} is the most`,
  )
}

/** Any k picks in a row over k servers reach each of them once. (algorithms.md, turn) */
const turn: SequenceRule = {
  weights: equal,
  length: (weights) => 3 * weights.length,
  check(picks, weights) {
    const n = weights.length
    for (let i = 0; i + n <= picks.length; i++) {
      if (new Set(picks.slice(i, i + n)).size < n) {
        found(`picks ${i + 1} to ${i + n} do not reach each of ${n} servers once`)
      }
    }
  },
}

/** The two-sided bound, that of windows, and the period. (algorithms.md, smooth) */
const smooth: SequenceRule = {
  weights: quarters,
  length: (weights) => 2 * period(weights),
  check(picks, weights) {
    const n = weights.length
    const leads: number[][] = [weights.map(() => 0)]
    eachLead(picks, weights, (lead, server, t) => {
      within(lead, 1 - 1 / n, harmonic(n) - 1, server, t)
      if (t % period(weights) === 0 && Math.abs(lead) > CLOSE) {
        found(`after whole periods ${letter(server)} has not exactly its due`)
      }
      if (server === 0) leads.push([])
      leads[t].push(lead)
    })
    const limit = harmonic(n) - 1 / n + CLOSE
    weights.forEach((_, server) => {
      // The widest gap between two leads is that of the highest and the lowest.
      const row = leads.map((lead) => lead[server])
      if (Math.max(...row) - Math.min(...row) > limit) {
        found(`some window of picks has ${letter(server)} further from its due than ${limit}`)
      }
    })
  },
}

/**
 * The first deadline of server i is at u/w for some u from 0 to 1, not 0, the others 1/w apart. At the time D of the last
 * deadline met, i has had from Dw - u to Dw - u + 1 picks, and one server had the most of that. Let U be the sum of all u, p = w/W. Summed
 * over all servers, t picks are from DW - U + 1 to DW - U + n, so that i is at most (U - 1)p + 1 - u ahead of its due, and
 * at most (n - 1 - U)p + u behind it. With u = 1 everywhere those are (n - 1)p and 1 - p, as for Envoy’s scheduler; the worst of any
 * u makes both less than 1 + (n - 2)p.
 */
function deadlinesOf(bounds: (n: number, p: number) => readonly [number, number]): SequenceRule {
  return {
    weights: quarters,
    length: (weights) => 2 * period(weights),
    check(picks, weights) {
      const n = weights.length
      eachLead(picks, weights, (lead, server, t) => {
        const [ahead, behind] = bounds(n, weights[server] / sumOf(weights))
        within(lead, ahead, behind, server, t)
      })
    },
  }
}

const deadlines = deadlinesOf((n, p) => [1 + (n - 2) * p, 1 + (n - 2) * p])

/** Where every first deadline is a whole 1/w away. */
export const fullDeadlines = deadlinesOf((n, p) => [(n - 1) * p, 1 - p])

/** Weights are scaled so that the largest is this. (grpc-go, weightedroundrobin/scheduler.go) */
const SCALE = 65_535

/**
 * In any G generations in a row a server has from Gw - 1 to Gw + 1 picks, bounds not included, where w is its weight over the
 * largest. (algorithms.md, stride) Where generations begin cannot be seen from outside, but some G has to fit all servers at
 * once: picks in a row are G whole generations and less than one at either end. And the picks repeat after 65,535 generations, in
 * which each server has exactly its scaled weight. The weights here scale to whole numbers.
 */
const stride: SequenceRule = {
  weights: fc.constantFrom([1, 5], [5, 1, 3], [1, 1, 1], [3, 5, 4, 1], [15, 3, 5], [2, 5, 5, 1, 4]),
  length: (weights) => (SCALE * sumOf(weights)) / Math.max(...weights),
  seldom: 15,
  check(picks, weights) {
    const most = Math.max(...weights)
    const parts = weights.map((weight) => weight / most)
    const counts = parts.map(() => 0)
    picks.forEach((number, i) => {
      counts[number]++
      // Of all that is seen only the beginning, and then now and then.
      if (i > 200 && i % 997 !== 0) return
      const least = Math.max(0, ...parts.map((part, j) => (counts[j] - 1) / part - 2))
      const last = Math.min(...parts.map((part, j) => (counts[j] + 1) / part))
      if (Math.floor(least + CLOSE) + 1 < last - CLOSE || (least === 0 && last > CLOSE)) return
      found(`no number of generations fits ${counts.join(', ')} picks`)
    })
    if (picks.length !== stride.length(weights)) return
    parts.forEach((part, j) => {
      if (counts[j] === Math.round(part * SCALE)) return
      found(`in ${SCALE} generations ${letter(j)} has ${counts[j]} picks, not ${part * SCALE}`)
    })
  },
}

export const SEQUENCE_RULES: Partial<Record<Claim, SequenceRule>> = {
  turn,
  smooth,
  deadlines,
  stride,
}
