import fc from 'fast-check'
import { chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { distribution, percent, sample, type Situation, told } from '../distribution.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { roughPlans } from '../steps.ts'
import { letter } from '../world.ts'
import { compare } from './replay.ts'

/** Where the dice cannot be enumerated: so many picks of new strategies each way. */
const SAMPLES = 4000

export const reordering: Law = {
  id: 'reordering',
  title: 'does not care in which order servers are listed',
  why: 'Many proxies with one list, and the first of the tied is everybody’s favourite.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    if (subject.factory.keyed === true) sameMapping(subject, trial)
    else sameChances(subject, trial)
  },
}

/** A key's server has to be the same in every proxy, in whatever order each got to know them. */
function sameMapping(subject: Subject, trial: Trial): void {
  // Without second tries: those are the balancer's own choice, by load.
  const plans = roughPlans.map(({ servers, steps }) => ({
    servers,
    steps: steps.filter(({ kind }) => kind !== 'retry'),
  }))
  const examples = plans.chain((plan) => {
    const numbers = plan.servers.map((_, number) => number)
    const orders = fc.shuffledSubarray(numbers, { minLength: numbers.length })
    return fc.tuple(fc.constant(plan), orders)
  })
  examine(trial, examples, ([plan, order], story) => {
    const names = order.map(letter).join(', ')
    compare(subject, plan, { order }, `when they are added in the order ${names}`, story)
  })
}

/** Each pick may be random, but how likely each server is must not depend on its place. */
function sameChances(subject: Subject, trial: Trial): void {
  const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(3)), {
    minLength: 2,
    maxLength: 4,
  })
  const examples = servers.chain((servers) => {
    const numbers = servers.map((_, number) => number)
    const order = fc.shuffledSubarray(numbers, { minLength: numbers.length })
    return fc.tuple(fc.constant(servers), order)
  })
  examine({ ...trial, runs: Math.ceil(trial.runs / 4) }, examples, ([servers, order], story) => {
    const weights = servers.map(([weight]) => weight)
    const loads = servers.map(([, load]) => load)
    const situation: Situation = { weights, loads }
    const shuffled: Situation = { weights, loads, order }
    story.push(told(situation), told(shuffled))
    const chances = distribution(subject, situation)
    const others = distribution(subject, shuffled)
    if (chances === undefined || others === undefined) {
      compareSamples(subject, situation, shuffled)
      return
    }
    chances.forEach((chance, i) => {
      if (Math.abs(chance - others[i]) < 1e-9) return
      const [one, other] = [percent(chance), percent(others[i])]
      found(`${letter(i)} is picked with probability ${one}, and ${other} in the other order`)
    })
  })
}

/** Pearson's test that two rows of counts come from one distribution; a false alarm in a million. */
function compareSamples(subject: Subject, situation: Situation, shuffled: Situation): void {
  const counts = sample(subject, situation, SAMPLES)
  const others = sample(subject, shuffled, SAMPLES)
  let statistic = 0
  let cells = 0
  counts.forEach((count, i) => {
    const both = count + others[i]
    if (both === 0) return
    cells++
    statistic += (count - others[i]) ** 2 / both
  })
  if (cells < 2 || statistic <= chiSquareLimit(cells)) return
  found(
    `of ${SAMPLES} picks each got ${counts.join(', ')}; in the other order ${others.join(', ')}`,
  )
}
