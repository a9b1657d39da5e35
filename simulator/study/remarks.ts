import { lateLoad } from '../late-load.ts'
import { offeredLoad } from '../offered-load.ts'
import { count, percent } from '../format.ts'
import type { Tone } from './tone.ts'
import type { Study } from './study.ts'
import { tooShort } from './too-short.ts'
import { spanOf } from './words.ts'

export interface Remark {
  readonly tone: Tone
  readonly text: string
}

/** What has to be known to read the figures right. */
export function remarksOf(found: Study): Remark[] {
  return [
    ...doubts(found),
    ...recorded(found),
    ...levels(found),
    ...failures(found),
    ...precision(found),
    ...fewer(found),
  ]
}

/** What is allowed, but hardly meant: a line each. */
export function warningsOf({ question, scenario, steadiness }: Study): string[] {
  const short = tooShort(scenario, steadiness)
  return short === undefined ? [...question.warnings] : [...question.warnings, short]
}

function doubts(found: Study): Remark[] {
  const { partOf } = found.question
  const remarks = warningsOf(found).map((text): Remark => ({ tone: 'warn', text: `! ${text}` }))
  if (partOf === undefined) return remarks
  const text = `The experiment varies this scenario: npm run experiments -- ${partOf} runs all of it.`
  return [...remarks, { tone: 'faint', text }]
}

function recorded({ question: { replay } }: Study): Remark[] {
  if (replay === undefined) return []
  const draws = replay.work === undefined ? 'strategies draw' : 'strategies and the work draw'
  const text = `Requests come as they were recorded: replications differ in what ${draws}, and intervals tell of that alone.`
  const warnings = replay.warnings.map((warning): Remark => ({
    tone: 'warn',
    text: `! ${warning}`,
  }))
  return [...warnings, { tone: 'faint', text }]
}

function levels({ question, scenario, standings, steadiness }: Study): Remark[] {
  if (steadiness === 'overloaded') {
    const [first, late] = [offeredLoad(scenario) ?? Infinity, lateLoad(scenario)]
    const after = first < 1 && late !== undefined
    const load = after ? late.load : first
    const subject =
      question.replay?.timed === true
        ? `No steady state as replayed: by the recorded times, which may be work and waiting, ${percent(load)}`
        : `No steady state exists: ${after ? `from ${spanOf(late.since)} on, after an event, ` : ''}${percent(load)}`
    const text =
      `${subject} of what the servers can do arrives, so queues grow for as ` +
      'long as it lasts. A mean, or a percentile, would only say how long the run was.'
    return [{ tone: 'bad', text }]
  }
  const drifting = standings.filter((each) => each.steadiness === 'drifting')
  const remarks = drifting.map(({ label }): Remark => {
    const text =
      `No steady state with ${label}: response times still go up or down at the end of the run. Either some server ` +
      'gets more than it can do, or the run is too short (--duration).'
    return { tone: 'bad', text }
  })
  // Of a replay it goes without saying.
  if (steadiness !== 'varying' || question.replay !== undefined) return remarks
  const text =
    'The scenario changes on the way: figures are of all of it, and another duration has others.'
  return [...remarks, { tone: 'faint', text }]
}

function failures({ standings }: Study): Remark[] {
  return standings.flatMap(({ failures: kinds, label }) => {
    const words = Object.entries(kinds)
      .filter(([, share]) => share > 0)
      .map(
        ([kind, share]) =>
          `${share < 0.0001 ? '< 0.01 %' : `${(share * 100).toFixed(2)} %`} ${kind}`,
      )
    return words.length === 0 ? [] : [{ tone: 'plain', text: `${label}: ${words.join(', ')}` }]
  })
}

function precision({ precision: reached, question }: Study): Remark[] {
  const { precision: wanted } = question
  if (wanted === undefined) return []
  const share = (value: number): string => `±${Number((value * 100).toPrecision(2))} %`
  if (reached === undefined) {
    return [{ tone: 'warn', text: 'Nothing to be precise about: no strategy has a steady state.' }]
  }
  if (reached <= wanted) {
    const text = `Mean and p99 are known to ${share(reached)} or better, as asked (${share(wanted)}).`
    return [{ tone: 'good', text }]
  }
  const text = `Could not decide: mean and p99 are known to ${share(reached)}, and ${share(wanted)} was asked for.`
  return [{ tone: 'warn', text: `${text} More with --max-reps, or a longer --duration.` }]
}

function fewer({ interrupted, question, seeds }: Study): Remark[] {
  if (!interrupted) return []
  const of = question.precision === undefined ? ` of ${count(question.reps)}` : ''
  const text = `Stopped: this is from ${count(seeds.length)}${of} replications, so intervals are wider.`
  return [{ tone: 'warn', text }]
}
