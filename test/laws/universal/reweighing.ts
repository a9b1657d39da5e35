import fc from 'fast-check'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import {
  checkWindow,
  enough,
  type InARow,
  inARow,
  recorded,
  ruleOf,
  smoothWindow,
} from '../claims/windows.ts'
import { distribution, percent, type Situation, told } from '../distribution.ts'
import { examine, once } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { letter, World } from '../world.ts'

const BEFORE = [1, 3, 4, 2]
const WEIGHTS = [4, 1, 2, 3]
const REQUESTS = 20_000

export const reweighing: Law = {
  id: 'reweighing',
  title: 'goes by the new weights when weights change',
  why: 'Who reads weights once goes by the old ones until a restart, and so does a slow start, which is nothing else.',
  repeats: true,
  concerns: (subject) => subject.factory.promise === 'weight' || byDice(subject),
  check(subject, trial) {
    if (subject.factory.promise === 'weight') inTheEnd(subject)
    const claim = inARow(subject)
    if (claim !== undefined) atOnce(subject, trial, claim)
    if (byDice(subject)) likeANewOne(subject, trial)
  },
}

/** They have no memory but the weights themselves. */
function byDice({ claims }: Subject): boolean {
  return claims.some((claim) => ['independent', 'least', 'choices'].includes(claim))
}

/** Shares are those of the new weights. */
function inTheEnd(subject: Subject): void {
  once((story) => {
    const world = new World(subject, {}, story)
    world.begin(BEFORE.map((weight) => ({ weight, max: Infinity })))
    story.push('100 requests, one at a time')
    world.flood(100)
    const before = reweigh(world, WEIGHTS)
    story.push(`${REQUESTS} requests`)
    world.flood(REQUESTS)
    const counts = world.members.map((server, i) => world.balancer.picksOf(server) - before[i])
    if (chiSquare(counts, WEIGHTS) <= chiSquareLimit(WEIGHTS.length)) return
    const got = counts.map((count, i) => `${letter(i)} ${count}`).join(', ')
    found(`since then requests were to be shared as ${WEIGHTS.join(' : ')}, but it was ${got}`)
  })
}

/** Who claims something of picks in a row keeps to it, without a burst for what was owed under other weights. */
function atOnce(subject: Subject, trial: Trial, claim: InARow): void {
  const examples = ruleOf(claim).weights.chain((weights) => {
    const each = fc.constantFrom(1, 2, 3, 0.25, 5, 100)
    const before = fc.array(each, { minLength: weights.length, maxLength: weights.length })
    return fc.tuple(before, fc.constant(weights), fc.nat(60))
  })
  examine(trial, examples, ([before, weights, first], story) => {
    const { picks, world } = recorded(subject, before, story)
    story.push(`${first} requests, one at a time`)
    world.flood(first)
    reweigh(world, weights)
    // A deadline that was set under the old weight may stand, as in Envoy, and be met once.
    if (claim === 'deadlines') {
      const waits = 1 / Math.min(...before) + 1 / Math.min(...weights)
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const settling = Math.ceil(total * waits) + weights.length
      story.push(`${settling} requests, so that everybody has had a turn`)
      world.flood(settling)
    }
    const begin = picks.length
    world.flood(enough(claim, weights))
    const after = picks.slice(begin)
    story.push(`picks since then: ${after.slice(0, 60).map(letter).join(' ')} …`)
    checkWindow(claim, after, weights, smoothWindow(weights.length))
  })
}

/** All outcomes of the dice are as likely as for a strategy that never knew other weights. */
function likeANewOne(subject: Subject, trial: Trial): void {
  const weight = fc.integer({ min: 1, max: 3 })
  const servers = fc.array(fc.tuple(weight, weight, fc.nat(5)), { minLength: 2, maxLength: 4 })
  examine({ ...trial, runs: Math.ceil(trial.runs / 5) }, servers, (servers, story) => {
    const situation: Situation = {
      weights: servers.map(([weight]) => weight),
      loads: servers.map(([, , load]) => load),
    }
    const before = servers.map(([, before]) => before)
    story.push(told(situation), `before they had the weights ${before.join(', ')}`)
    const chances = distribution(subject, situation)
    // Where there are too many outcomes what else is claimed of loads and shares has to do.
    distribution(subject, { ...situation, before })?.forEach((chance, i) => {
      if (chances === undefined || Math.abs(chance - chances[i]) < 1e-9) return
      const [now, then] = [percent(chance), percent(chances[i])]
      found(
        `${letter(i)} is picked with probability ${now}; had it been so from the start, ${then}`,
      )
    })
  })
}

/** Gives each server its new weight; gives back how many picks each had before. */
function reweigh({ balancer, members, story }: World, weights: readonly number[]): number[] {
  members.forEach((server, i) => balancer.setWeight(server, weights[i]))
  story.push(`the weights become ${weights.join(', ')}`)
  return members.map((server) => balancer.picksOf(server))
}
