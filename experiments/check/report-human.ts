import type { Tone } from '../../simulator/study/tone.ts'
import type { Paint } from '../live/paint.ts'
import {
  brokenOf,
  excuseOf,
  harmless,
  isEmpty,
  type Judgement,
  NOTHING_ASKED,
  repeat,
  type Report,
  stepsOf,
  type ToldVerdict,
} from './verdicts.ts'

const MARKS = { holds: '✓', broken: '✗', excused: '–' } as const
const TONES = { holds: 'good', broken: 'bad', excused: 'faint' } as const

const [NARROWEST, WIDEST] = [40, 100]

/**
 * For a person: a line a law, and what to do about each that is broken. `width`: of the terminal. `brief`: a line a strategy, as where there are
 * many of them.
 */
export function humanReport(given: Report, paint: Paint, width = 80, brief = false): string {
  const report = harmless(given)
  const page: Page = { paint, width: Math.min(WIDEST, Math.max(NARROWEST, width)) }
  const many = brief || report.judgements.length + report.unreached.length > 1
  const parts = report.judgements.map((judgement) => {
    const head = many ? line(judgement, page) : laws(judgement, page)
    const details = brokenOf(judgement).map((verdict) => story(judgement, verdict, report, page))
    return [...head, ...(many && details.length > 0 ? [''] : []), ...details.flat()]
  })
  const left = report.unreached.flatMap((name) => row(page, 'faint', '·', name, 'not reached'))
  const lines = [...parts.flat(), ...left]
  // One empty line in front of the summary, and not two.
  const gap = lines.at(-1) === '' ? [] : ['']
  return `${[...lines, ...gap, ...summary(report, page)].join('\n')}\n`
}

interface Page {
  readonly paint: Paint
  readonly width: number
}

/** One of many: a line is enough where all is well. */
function line(judgement: Judgement, page: Page): string[] {
  const { target, unusable, verdicts } = judgement
  const bad = unusable !== undefined || brokenOf(judgement).length > 0
  if (bad) return row(page, 'bad', MARKS.broken, target.name, unusable ?? counts(judgement))
  if (isEmpty(judgement)) return row(page, 'faint', '·', target.name, NOTHING_ASKED)
  if (verdicts.length === 0) return row(page, 'faint', '·', target.name, counts(judgement))
  return row(page, 'good', MARKS.holds, target.name, counts(judgement))
}

/** A mark, a name, and words beside it. */
function row({ paint, width }: Page, tone: Tone, mark: string, name: string, words: string) {
  return wrapped(words, width - 27).map((each, i) =>
    i === 0 ? `${paint(tone, mark)} ${name.padEnd(24)} ${each}` : `${' '.repeat(27)}${each}`,
  )
}

function laws(judgement: Judgement, page: Page): string[] {
  const { doubts, target, unclaimed, unusable, untried, verdicts } = judgement
  const { paint, width } = page
  const title = [paint('strong', target.name), '']
  if (unusable !== undefined) return [...title, ...item(page, 'bad', '✗', unusable), '']
  const column = Math.max(0, ...verdicts.map(({ law }) => law.id.length))
  const lines = verdicts.flatMap((verdict) => {
    const { law, result } = verdict
    const words = result === 'excused' ? excuseOf(verdict) : law.title
    const mark = paint(TONES[result], MARKS[result])
    return wrapped(words, width - column - 6).map((each, i) =>
      i === 0 ? `  ${mark} ${law.id.padEnd(column)}  ${each}` : `${' '.repeat(column + 6)}${each}`,
    )
  })
  const rest = (words: string, of: readonly string[]): string[] =>
    of.length === 0 ? [] : item(page, 'faint', '·', `${words}: ${of.join(', ')}`)
  return [
    ...title,
    ...lines,
    ...rest(
      'not tried',
      untried.map(({ id }) => id),
    ),
    ...rest('not claimed, so not asked (check --help says what each means)', unclaimed),
    ...doubts.flatMap((doubt) => item(page, 'warn', '!', doubt)),
    '',
  ]
}

/** A mark, and a paragraph beside it. */
function item({ paint, width }: Page, tone: Tone, mark: string, text: string): string[] {
  return wrapped(text, width - 4).map((each, i) =>
    i === 0 ? `  ${paint(tone, mark)} ${each}` : `    ${each}`,
  )
}

function story(judgement: Judgement, verdict: ToldVerdict, report: Report, page: Page): string[] {
  const { by, finding = '', law, place = '' } = verdict
  const when = by === undefined || by === law.id ? '' : ` (while the law "${by}" was tried)`
  return [
    `${page.paint('bad', '✗')} ${page.paint('strong', `the law "${law.id}" is broken`)}`,
    '',
    ...hang(page, `It ${law.title}.`, 'law'),
    ...hang(page, law.why, 'why'),
    ...hang(page, `${finding}${when} ${place}`.trim(), 'found', 'strong'),
    ...stepsOf(verdict).flatMap((step, i) => hang(page, step, i === 0 ? 'story' : '')),
    // In one piece, however long, to be copied.
    `  again     ${repeat(judgement, verdict, report)}`,
    '',
  ]
}

function summary(report: Report, { paint, width }: Page): string[] {
  const { elapsed, interrupted, judgements, runs, seed } = report
  const all = judgements.flatMap(({ verdicts }) => verdicts)
  const count = (result: string): number => all.filter((each) => each.result === result).length
  const [holds, broken, excused] = [count('holds'), count('broken'), count('excused')]
  const unusable = judgements.filter((each) => each.unusable !== undefined).length
  const words = [
    ...(all.length > 0 ? [`${plural(holds, 'law')} ${holds === 1 ? 'holds' : 'hold'}`] : []),
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'is' : 'are'} broken`] : []),
    ...(excused > 0 ? [`${excused} excused`] : []),
    ...(unusable > 0 ? [`${plural(unusable, 'file')} cannot be used`] : []),
    ...(interrupted ? ['stopped before the end'] : []),
  ]
  const how = `seed ${seed}, ${plural(runs, 'example')} a law, ${(elapsed / 1000).toFixed(1)} s`
  const tone = broken + unusable > 0 ? 'bad' : interrupted ? 'warn' : 'plain'
  const id = all.find(({ result }) => result === 'broken')?.law.id
  const hint =
    id === undefined || judgements.every(({ target }) => target.file === undefined)
      ? []
      : wrapped(
          `If one is broken on purpose, say so: export const excused = { '${id}': 'why' }`,
          width,
        )
  return [
    ...wrapped(`${words.join(', ')} (${how})`, width).map((each) => paint(tone, each)),
    ...hint,
  ]
}

/** `12 hold, 1 broken` */
function counts({ untried, verdicts }: Judgement): string {
  const count = (result: string): number => verdicts.filter((each) => each.result === result).length
  const [holds, broken, excused] = [count('holds'), count('broken'), count('excused')]
  const words = [
    `${plural(holds, 'law')} ${holds === 1 ? 'holds' : 'hold'}`,
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(excused > 0 ? [`${excused} excused`] : []),
    ...(untried.length > 0 ? [`${untried.length} not tried`] : []),
  ]
  return words.join(', ')
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** A paragraph beside its label. */
function hang({ paint, width }: Page, text: string, label: string, tone: Tone = 'plain'): string[] {
  return wrapped(text, width - 12).map(
    (each, i) => `  ${(i === 0 ? label : '').padEnd(8)}  ${paint(tone, each)}`,
  )
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}
