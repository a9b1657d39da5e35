import fc from 'fast-check'
import {
  Chances,
  CLOSE,
  distribution,
  often,
  percent,
  type Situation,
  told,
} from '../distribution.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Draws, Law, Trial } from '../law.ts'
import { keyAt } from '../keys.ts'
import { letter, World } from '../world.ts'

/** Walking through all outcomes takes a while. */
function fewer(trial: Trial): Trial {
  return { ...trial, runs: Math.ceil(trial.runs / 5) }
}

function pools(
  most: number,
  heaviest: number,
  load: fc.Arbitrary<number>,
): fc.Arbitrary<Situation> {
  const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: heaviest }), load), {
    minLength: 2,
    maxLength: most,
  })
  return servers.map((servers) => ({
    weights: servers.map(([weight]) => weight),
    loads: servers.map(([, load]) => load),
  }))
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

export const independent: Law = {
  id: 'independent',
  title: 'draws each pick anew, exactly in proportion to weight',
  why: 'Not by statistics, which miss what is rare: all outcomes of the dice are tried.',
  repeats: true,
  concerns: ({ claims }) => claims.includes('independent'),
  check(subject, trial) {
    examine(fewer(trial), pools(4, 2, fc.nat(3)), (situation, story) => {
      story.push(told(situation))
      const { weights } = situation
      const total = sumOf(weights)
      const chances = new Chances(subject, situation)
      if (chances.fits(weights.map((weight) => weight / total))) return
      found(`the weights are ${weights.join(' : ')}, but picked are ${chances.toString()}`)
    })
    examine(fewer(trial), pools(3, 2, fc.nat(1)), (situation, story) => {
      story.push(told(situation))
      const { weights } = situation
      const [n, total] = [weights.length, sumOf(weights)]
      // Where there are too many outcomes the shares above have to do.
      distribution(subject, situation, 2)?.forEach((chance, i) => {
        const [first, second] = [Math.floor(i / n), i % n]
        const due = (weights[first] * weights[second]) / total ** 2
        if (Math.abs(chance - due) < CLOSE) return
        const pair = `${letter(first)} and then ${letter(second)}`
        found(`${pair} are picked with probability ${percent(chance)}, not ${percent(due)}`)
      })
    })
  },
}

/** So many servers, or up to six, no two of them equally busy for their weight. */
function ranked(least: number): fc.Arbitrary<Situation> {
  const server = fc.record({ load: fc.nat(12), weight: fc.integer({ min: 1, max: 3 }) })
  const selector = ({ load, weight }: { load: number; weight: number }): number => load / weight
  return fc.uniqueArray(server, { minLength: least, maxLength: 6, selector }).map((servers) => ({
    weights: servers.map(({ weight }) => weight),
    loads: servers.map(({ load }) => load),
  }))
}

/**
 * How likely the server of rank r of n is, 1 being the least busy, if d are drawn: each other one at most once, C(n-r, d-1) / C(n, d), or
 * again and again, ((n-r+1)^d - (n-r)^d) / n^d. (algorithms.md, choices)
 */
function chanceOf(rank: number, n: number, d: number, again: boolean): number {
  if (again) return ((n - rank + 1) ** d - (n - rank) ** d) / n ** d
  const looks = Math.min(d, n)
  return binomial(n - rank, looks - 1) / binomial(n, looks)
}

function binomial(n: number, k: number): number {
  if (k > n) return 0
  let product = 1
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i
  return product
}

/** For one that does not say how it draws: two to five, since more would be all of six. */
const DRAWS: readonly Draws[] = [2, 3, 4, 5].flatMap((d) => [
  { d, again: false },
  { d, again: true },
])

/** How likely each server is, if so many are drawn and the least busy of them is picked. */
function dueOf({ loads, weights }: Situation, { again, d }: Draws): number[] {
  const busy = loads.map((load, i) => load / weights[i])
  const ranks = busy.map((each) => busy.filter((other) => other <= each).length)
  return ranks.map((rank) => chanceOf(rank, busy.length, d, again))
}

function saidOf(situation: Situation, chances: Chances, { again, d }: Draws): string {
  const { loads, weights } = situation
  const due = dueOf(situation, { again, d })
  const said = loads.map((load, i) => {
    const weight = weights[i] === 1 ? '' : ` for weight ${weights[i]}`
    return `${letter(i)} (${load} in flight${weight}) ${i === 0 ? 'is picked ' : ''}${chances.of(i)}`
  })
  const best = letter(due.indexOf(Math.max(...due)))
  if (loads.length === 2 && !again) {
    return `${said.join(', ')}; of two drawn the less busy, ${best}, should be`
  }
  const shares = due.map((chance, i) => `${letter(i)} ${often(chance)}`).join(', ')
  const how = again ? ' (maybe the same again)' : ''
  return `${said.join(', ')}; the least busy of ${d} drawn${how} would be ${shares}`
}

export const choices: Law = {
  id: 'choices',
  title: 'picks the least busy of a few that are drawn, any few as likely as any other',
  why: 'Envoy, Kong and Finagle each drew in a way that favours some; a proxy of note did for almost seven years.',
  repeats: true,
  concerns: ({ claims }) => claims.includes('choices'),
  check(subject, trial) {
    const draws = subject.draws === undefined ? DRAWS : [subject.draws]
    examine(fewer(trial), ranked(2), (situation, story) => {
      story.push(told(situation))
      const chances = new Chances(subject, situation)
      // Of a few servers all may be looked at.
      if (draws.some((each) => chances.fits(dueOf(situation, each)))) return
      found(saidOf(situation, chances, draws[0]))
    })
    // One way to draw has to fit pools of every size, or d would be n: all are looked at, and one that looks idle gets everything.
    examine(fewer(trial), ranked(6), ({ loads, weights }, story) => {
      let left = draws
      for (let n = 2; n <= loads.length; n++) {
        const situation = { loads: loads.slice(0, n), weights: weights.slice(0, n) }
        const chances = new Chances(subject, situation)
        left = left.filter((each) => chances.fits(dueOf(situation, each)))
        if (left.length > 0) continue
        story.push(told(situation))
        found(
          `${chances.toString()}: no one number of servers drawn, 2 to 5, fits this and all smaller pools`,
        )
      }
    })
    // Where all are equally busy nobody is preferred.
    examine(
      fewer(trial),
      fc.tuple(fc.integer({ min: 2, max: 6 }), fc.nat(3)),
      ([n, load], story) => {
        const situation = {
          weights: Array.from({ length: n }, () => 1),
          loads: Array.from({ length: n }, () => load),
        }
        story.push(told(situation))
        const chances = new Chances(subject, situation)
        if (chances.fits(situation.weights.map(() => 1 / n))) return
        found(`all are equally busy, and picked are ${chances.toString()}`)
      },
    )
  },
}

export const ties: Law = {
  id: 'ties',
  title: 'shares out ties, by weight or evenly, or in turn',
  why: 'The first of the tied gets everything while load is light: the Linux Virtual Server’s one busy server.',
  repeats: true,
  concerns: ({ claims }) => claims.includes('least'),
  check(subject, trial) {
    const examples = fc.tuple(pools(3, 3, fc.constant(0)), fc.nat(2))
    examine(fewer(trial), examples, ([{ weights }, each], story) => {
      const situation = { weights, loads: weights.map((weight) => weight * each) }
      story.push(told(situation))
      const [n, total] = [weights.length, sumOf(weights)]
      const chances = new Chances(subject, situation)
      if (chances.certain) {
        story.length = 0
        inTurn(new World(subject, {}, story), weights)
        return
      }
      if (chances.fits(weights.map((weight) => weight / total))) return
      if (chances.fits(weights.map(() => 1 / n))) return
      found(`all are equally busy for their weight, and picked are ${chances.toString()}`)
    })
  },
}

/** Without dice: idle servers are picked one after the other, each soon. */
function inTurn(world: World, weights: readonly number[]): void {
  world.begin(weights.map((weight) => ({ weight, max: Infinity })))
  for (let i = 0; i < 2 * sumOf(weights); i++) {
    world.request(keyAt(i))
    world.drain()
  }
  const missed = weights.findIndex((_, number) => !world.picks.includes(number))
  if (missed >= 0) found(`${letter(missed)} is never picked, as idle as the others`)
}
