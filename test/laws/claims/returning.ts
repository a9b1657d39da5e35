import fc from 'fast-check'
import { examine } from '../examine.ts'
import type { Law } from '../law.ts'
import { letter } from '../world.ts'
import { checkWindow, enough, inARow, recorded, ruleOf } from './windows.ts'
import { harmonic } from './sequences.ts'

/** How many of its turns a server misses while it is away. */
const MISSED = 20

/** A server that returns has no right to what it missed, and none that stayed has to wait for it. */
export const returning: Law = {
  id: 'returning',
  title: 'makes up for no turns that a server missed while it was away',
  why: 'It comes back cold and gets a burst: deadlines that have passed are all due at once.',
  concerns: (subject) => inARow(subject) !== undefined,
  check(subject, trial) {
    const claim = inARow(subject)!
    const examples = fc.tuple(ruleOf(claim).weights, fc.nat(9), fc.nat(20))
    examine(trial, examples, ([weights, which, before], story) => {
      const n = weights.length
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const { picks, world } = recorded(subject, weights, story)
      const victim = world.members[which % n]
      story.push(`${before} requests, one at a time`)
      world.flood(before)
      world.balancer.setHealthy(victim, false)
      const missed = Math.ceil((MISSED * total) / victim.weight)
      story.push(`${victim.id} is away for ${missed} requests, and is back`)
      world.flood(missed)
      world.balancer.setHealthy(victim, true)
      const begin = picks.length
      world.flood(enough(claim, weights))
      const after = picks.slice(begin)
      story.push(`picks since then: ${after.slice(0, 60).map(letter).join(' ')} …`)
      checkWindow(claim, after, weights, 2 * harmonic(n) - 1)
    })
  },
}
