/** What became of a prediction, in words. Pure. */
import { told, value } from './figures.ts'
import type {
  AskBars,
  AskChoice,
  AskCurve,
  AskRank,
  Case,
  Figure,
  Found,
  Guess,
  Lesson,
} from './lesson.ts'

const PLACES = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
/** Within so much of the truth a drawn value counts as right. */
const NEAR = 0.1

/** The sentences that a reader is told first. */
export function verdictOf(lesson: Lesson, guess: Guess, found: Found): string {
  const { ask } = lesson
  switch (guess.kind) {
    case 'rank':
      return ofRank(lesson, ask as AskRank, guess.order, found)
    case 'bars':
      return ofValues(lesson, (ask as AskBars).cases, guess.values, found)
    case 'curve': {
      const { points } = ask as AskCurve
      return ofValues(
        lesson,
        points.map(({ id }) => id),
        guess.values,
        found,
      )
    }
    case 'choice':
      return ofChoice(ask as AskChoice, guess.option, found)
    case 'deal':
  }
  return ofDeal(lesson, found)
}

/** The places, from 0, that a case may have among others: more than one where intervals overlap. */
export function placesOf(
  id: string,
  ids: readonly string[],
  found: Found,
): readonly [first: number, last: number] {
  const own = found[id]
  let above = 0
  let below = 0
  for (const other of ids) {
    if (other === id) continue
    if (found[other].low > own.high) above++
    else if (found[other].high < own.low) below++
  }
  return [above, ids.length - 1 - below]
}

/** Ids, the one with the largest figure first. */
export function ranked(ids: readonly string[], found: Found): string[] {
  return ids.toSorted((a, b) => found[b].mean - found[a].mean)
}

function ofRank(lesson: Lesson, ask: AskRank, order: readonly string[], found: Found): string {
  let worst = 0
  let id = ''
  for (const [at, each] of order.entries()) {
    const [first, last] = placesOf(each, order, found)
    const off = Math.max(first - at, at - last, 0)
    // Of two that are as far off, the one that matters more.
    if (off > worst || (off === worst && off > 0 && found[each].mean > found[id].mean)) {
      worst = off
      id = each
    }
  }
  const { unit } = lesson.measure
  if (worst === 0) {
    const [top] = ranked(order, found)
    return `You had them all in their places: ${labelOf(lesson, top)} ${ask.did(told(found[top], unit))}.`
  }
  const put = PLACES[order.indexOf(id)]
  const place = PLACES[ranked(order, found).indexOf(id)]
  return `You put ${labelOf(lesson, id)} ${put}; it ${ask.did(told(found[id], unit))}, and comes ${place}.`
}

function ofValues(
  lesson: Lesson,
  ids: readonly string[],
  values: readonly number[],
  found: Found,
): string {
  const { ask, measure } = lesson
  const given = ask.kind === 'bars' ? ask.given : undefined
  let worst = -1
  let at = 0
  let near = 0
  let asked = 0
  for (const [i, id] of ids.entries()) {
    if (id === given) continue
    asked++
    const miss = missOf(values[i], found[id], measure.unit === 'share')
    if (miss <= NEAR) near++
    if (miss > worst) {
      worst = miss
      at = i
    }
  }
  const name = nameOf(lesson, ids[at])
  const truth = told(found[ids[at]], measure.unit)
  const drawn = value(values[at], measure.unit)
  if (near === asked)
    return `All of what you drew is near the truth. For ${name} you drew ${drawn}; it is ${truth}.`
  const some =
    near === 0
      ? ''
      : ` ${near === 1 ? 'One' : near} of the ${asked} ${near === 1 ? 'was' : 'were'} near.`
  return `For ${name} you drew ${drawn}; it is ${truth}${farness(values[at], found[ids[at]], measure.unit)}.${some}`
}

/** How far off: of shares the difference, of times the ratio less 1. */
function missOf(drawn: number, truth: Figure, share: boolean): number {
  if (drawn >= truth.low && drawn <= truth.high) return 0
  if (share) return Math.abs(drawn - truth.mean)
  return Math.max(drawn / truth.mean, truth.mean / Math.max(drawn, 1e-9)) - 1
}

function farness(drawn: number, { mean }: Figure, unit: string): string {
  if (unit === 'share') return ''
  const ratio = Math.max(drawn, mean) / Math.max(1e-9, Math.min(drawn, mean))
  return ratio < 1.5 ? '' : `, ${ratio.toPrecision(2)} times ${drawn > mean ? 'less' : 'as much'}`
}

function ofChoice(ask: AskChoice, option: number, found: Found): string {
  const right = ask.right(found)
  if (right === undefined) return 'These runs cannot tell which is right.'
  if (right === option) return `You are right: ${small(ask.options[right])}.`
  return `You said: ${small(ask.options[option])}. It is: ${small(ask.options[right])}.`
}

function ofDeal({ measure: { unit } }: Lesson, { blocks, dice, smooth, yours }: Found): string {
  const own = told(yours, unit)
  const best = yours.low <= smooth.high
  if (best)
    return `In your order nobody waits any longer than dealt smoothly: ${own}. You found it.`
  const than = yours.high < blocks.low ? 'better than in blocks' : 'as in blocks'
  const dealt = yours.high < dice.low ? ', and better than dice' : ''
  return `In your order a request waits ${own}: ${than}${dealt}; dealt smoothly ${told(smooth, unit)}.`
}

function small(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

export function caseOf({ cases }: Pick<Lesson, 'cases'>, id: string): Case {
  return cases.find((each) => each.id === id)!
}

/** In a sentence; one with a comma in it stands in quotes. */
function labelOf(lesson: Lesson, id: string): string {
  const { label } = caseOf(lesson, id)
  return label.includes(',') ? `“${label}”` : label
}

/** Of a curve it is the point. */
function nameOf(lesson: Lesson, id: string): string {
  if (lesson.ask.kind !== 'curve') return labelOf(lesson, id)
  const point = lesson.ask.points.find((each) => each.id === id)!
  return point.label === 'fresh' ? 'fresh news' : `looks ${point.label} apart`
}
