import fc from 'fast-check'
import type { Claim } from '../../../proxy/core/claims.ts'
import { examine } from '../examine.ts'
import type { Law } from '../law.ts'
import { calmSteps } from '../steps.ts'
import { letter, World } from '../world.ts'
import { fullDeadlines, SEQUENCE_RULES, type SequenceRule } from './sequences.ts'

/** A law about picks in a row, whatever else goes on, as long as the servers stay the same. */
function sequenceLaw(claim: Claim, rule: SequenceRule, title: string, why: string): Law {
  return {
    id: claim,
    title,
    why,
    concerns: ({ claims }) => claims.includes(claim),
    check(subject, trial) {
      const examples = fc.tuple(rule.weights, calmSteps)
      const runs = Math.ceil(trial.runs / (rule.seldom ?? 1))
      examine({ ...trial, runs }, examples, ([weights, steps], story) => {
        const picks: number[] = []
        const world = new World(
          subject,
          { referee: ({ server }) => void picks.push(world.members.indexOf(server)) },
          story,
        )
        world.begin(weights.map((weight) => ({ weight, max: Infinity }))).play(steps)
        const enough = rule.length(weights)
        world.drain()
        const length = story.length
        world.flood(enough - picks.length)
        story.splice(length, Infinity, 'requests follow, one at a time')
        story.push(`picks: ${picks.slice(0, 60).map(letter).join(' ')} …`)
        rule.check(picks, weights)
      })
    },
  }
}

export const turn = sequenceLaw(
  'turn',
  SEQUENCE_RULES.turn!,
  'reaches each of k servers once in any k picks in a row',
  'Round robin is exact, or it is not round robin.',
)

export const smooth = sequenceLaw(
  'smooth',
  SEQUENCE_RULES.smooth!,
  'is never more than 1 - 1/n picks ahead of anybody’s due, nor 1/2 + … + 1/n behind',
  'Turns of a heavy server in a row are a burst: nginx gave up c b a a a a a for a a b a c a a.',
)

export const deadlines = sequenceLaw(
  'deadlines',
  SEQUENCE_RULES.deadlines!,
  'is less than 1 + (n - 2)·w/W picks ahead of anybody’s due, and behind it',
  'The earliest deadline first keeps its promise at any time, not only in the end.',
)

/** For one whose first deadlines are all a whole 1/w away; none of those that `judge` goes through. */
export const exactDeadlines = sequenceLaw(
  'deadlines',
  fullDeadlines,
  'is at most 1 - w/W picks behind anybody’s due, and (n - 1)·w/W ahead of it',
  'All first deadlines at 1/w: the textbook’s form, and Envoy’s.',
)

export const stride = sequenceLaw(
  'stride',
  SEQUENCE_RULES.stride!,
  'is exact over whole generations, to less than one pick over some, to none over 65,535',
  'A counter and a multiplication replace a schedule, so being off by one would go unseen.',
)
