import { plural, wrap, wrapWords } from '../../../simulator/format.ts'
import type { Tone } from '../../../simulator/study/tone.ts'
import { spanOf } from '../../../simulator/study/words.ts'
import type { Paint } from '../../live/paint.ts'
import { humanReport } from '../report-human.ts'
import { type Item, itemsOf, type Outcome, type Part, runsText, type Verdict } from './item.ts'

const MARKS = { pass: '✓', fail: '✗', undecided: '?', skipped: '·' } as const
const TONES = {
  pass: 'good',
  fail: 'bad',
  undecided: 'warn',
  skipped: 'faint',
} as const satisfies Record<Verdict, Tone>

const [NARROWEST, WIDEST] = [50, 120]

/** For a person: the laws as ever, a line for each thing that was asked of a strategy, and what repeats a failure. */
export function humanOutcome(outcome: Outcome, paint: Paint, columns: number): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns))
  const { laws, parts, unreached } = outcome
  const blocks = [
    ...(laws === undefined ? [] : [humanReport(laws, paint, width, true).trimEnd()]),
    ...parts.map((part) => partText(part, paint, width)),
    ...unreached.map((name) => paint('faint', `${MARKS.skipped} ${name}: not reached`)),
    ...(parts.length === 0 ? [] : [closing(outcome, paint, width)]),
  ]
  return `${blocks.join('\n\n')}\n`
}

function partText(part: Part, paint: Paint, width: number): string {
  const { name, notes, seed, standings, warmup, words } = part
  const cut = warmup > 0 ? [`the first ${spanOf(warmup)} left out`] : []
  const names = Math.max(...standings.map(({ strategy }) => strategy.length))
  const items = standings.flatMap(({ items }) => items)
  const whats = Math.max(0, ...items.map(({ what }) => what.length))
  const lines = standings.flatMap(({ items: own, strategy }) =>
    own.flatMap((item, i) => {
      const head = `${i === 0 ? strategy.padEnd(names) : ' '.repeat(names)}  ${item.what.padEnd(whats)}`
      return itemLines(item, head, paint, width)
    }),
  )
  const repeat = items.find(({ verdict }) => verdict === 'fail' || verdict === 'undecided')?.repeat
  return [
    paint('strong', name),
    ...wrap('', [...words], width),
    ...wrap('', [runsText(part), ...cut, `seed ${seed}`], width),
    ...notes.flatMap((note) => wrapWords(`! ${note}`, width)).map((line) => paint('warn', line)),
    '',
    ...(lines.length === 0
      ? [paint('faint', `${MARKS.skipped} nothing is asked of it but for a baseline`)]
      : lines),
    // In one piece, however long, to be copied.
    ...(repeat === undefined ? [] : ['', `  again  ${repeat}`]),
  ].join('\n')
}

/** What was found stands beside the question, and below it where there is no room. */
function itemLines(item: Item, head: string, paint: Paint, width: number): string[] {
  const { hint, seen, verdict } = item
  const text = [seen, hint].filter((each) => each !== undefined && each !== '').join(': ')
  const mark = paint(TONES[verdict], MARKS[verdict])
  const room = width - head.length - 4
  if (room >= 24) {
    const [first, ...rest] = wrapWords(text, room)
    return [
      `${mark} ${head}  ${first}`,
      ...rest.map((line) => `${' '.repeat(head.length + 2)}${line}`),
    ]
  }
  return [`${mark} ${head.trimEnd()}`, ...wrapWords(text, width - 4).map((line) => `    ${line}`)]
}

function closing(outcome: Outcome, paint: Paint, width: number): string {
  const { baseline, elapsed, interrupted } = outcome
  const text = `${countsText(outcome)}${interrupted ? ', stopped before the end' : ''} (${(elapsed / 1000).toFixed(1)} s)`
  const tone = toneOf(outcome)
  return [
    ...wrapWords(text, width).map((line) => paint(tone, line)),
    ...wrapWords(surety(outcome), width).map((line) => paint('faint', line)),
    ...(baseline === undefined
      ? []
      : [paint('faint', `compared with ${baseline}, run by run under the same seeds`)]),
  ].join('\n')
}

function toneOf(outcome: Outcome): Tone {
  const verdicts = itemsOf(outcome).map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'bad'
  return verdicts.includes('undecided') || outcome.interrupted ? 'warn' : 'plain'
}

/** `7 hold, 1 fails, 2 are undecided` */
export function countsText(outcome: Outcome): string {
  const items = itemsOf(outcome)
  const count = (verdict: Verdict): number =>
    items.filter((each) => each.verdict === verdict).length
  const [pass, fail, open, skipped] = [
    count('pass'),
    count('fail'),
    count('undecided'),
    count('skipped'),
  ]
  return [
    `${pass} ${pass === 1 ? 'holds' : 'hold'}`,
    ...(fail > 0 ? [`${fail} ${fail === 1 ? 'fails' : 'fail'}`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? 'is' : 'are'} undecided`] : []),
    ...(skipped > 0 ? [`${skipped} not asked`] : []),
  ].join(', ')
}

/** How rarely it is wrong. */
export function surety({ confidence, falseAlarm, judged, parts }: Outcome): string {
  const share = Number((falseAlarm * 100).toPrecision(3))
  const level = Number((confidence * 100).toPrecision(6))
  const sentences = [
    ...(judged > 0
      ? [
          `Intervals hold at ${level} %, so that among ${plural(judged, 'judgement')} there is a false alarm in at most ${share} % of all checks (Bonferroni).`,
        ]
      : []),
    ...(judged === 0 && parts.some(({ real }) => !real)
      ? ['Shares have a false alarm of their own; nothing else is judged.']
      : []),
    ...(parts.some(({ real }) => real)
      ? [
          'What was foretold is judged by its error in these runs, as by evenkeel twin: its interval, at 95 %, is told and not judged.',
        ]
      : []),
  ]
  return sentences.join(' ')
}
