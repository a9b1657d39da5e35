import fc from 'fast-check'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { World } from '../world.ts'

/** Enough for a server with a thirtieth of all weight to have some hundreds. */
const KEYS = 10_000

const weights = fc.array(fc.constantFrom(1, 2, 4, 8), { minLength: 2, maxLength: 5 })

/** Counts whose each of many keys is while nothing else is in flight, and lets somebody compare that with what is due. */
function share(
  subject: Subject,
  trial: Trial,
  compare: (counts: readonly number[], weights: readonly number[], world: World) => void,
): void {
  examine({ ...trial, runs: Math.ceil(trial.runs / 10) }, weights, (weights, story) => {
    const world = new World(subject, {}, story)
    world.begin(weights.map((weight) => ({ weight, max: Infinity })))
    story.push(`${KEYS} requests, one at a time, each with another key`)
    world.flood(KEYS)
    const counts = world.members.map((server) => world.balancer.picksOf(server))
    compare(counts, weights, world)
  })
}

/** How far from its due a server's keys may be, up or down. (algorithms.md, key-shares) */
const FACTOR = 2

export const keyShares: Law = {
  id: 'key-shares',
  title: 'gives everybody between half of its share of keys, by weight, and twice that',
  why: 'Weights that were never read look fine, key for key: the small servers drown.',
  concerns: ({ claims }) => claims.includes('monotone') || claims.includes('nearly_monotone'),
  check(subject, trial) {
    share(subject, trial, (counts, weights, { members }) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      counts.forEach((count, i) => {
        const due = (KEYS * weights[i]) / total
        if (count >= due / FACTOR && count <= due * FACTOR) return
        const { id } = members[i]
        found(`${id} has ${count} of ${KEYS} keys; by weight it should be ${due.toFixed(0)}`)
      })
    })
  },
}

export const byWeight: Law = {
  id: 'by_weight',
  title: 'shares keys out by weight, no further off than dice would be',
  why: 'Hash times weight is the obvious way to rank, and wrong: twice the weight is three times the keys.',
  concerns: ({ claims }) => claims.includes('by_weight'),
  check(subject, trial) {
    share(subject, trial, (counts, weights, { members }) => {
      if (chiSquare(counts, weights) <= chiSquareLimit(weights.length)) return
      const got = members.map(({ id }, i) => `${id} ${counts[i]}`).join(', ')
      found(`${KEYS} keys were to be shared as ${weights.join(' : ')}, but it was ${got}`)
    })
  },
}
