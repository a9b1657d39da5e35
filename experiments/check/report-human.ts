import type { Paint } from '../live/paint.ts'
import {
  brokenOf,
  type Judgement,
  repeat,
  type Report,
  stepsOf,
  type ToldVerdict,
} from './verdicts.ts'

const WIDTH = 80
const MARKS = { holds: '✓', broken: '✗', excused: '–' } as const
const TONES = { holds: 'good', broken: 'bad', excused: 'faint' } as const

/** For a person on a terminal of 80 columns: a line a law, and what to do about each that is broken. */
export function humanReport(report: Report, paint: Paint): string {
  const many = report.judgements.length > 1
  const parts = report.judgements.map((judgement) => {
    const head = many
      ? line(judgement, paint)
      : `${title(judgement, paint)}\n\n${laws(judgement, paint)}`
    const details = brokenOf(judgement).map((verdict) => story(judgement, verdict, report, paint))
    return [head, ...details].join('\n')
  })
  return `${parts.join(many ? '' : '\n')}\n${summary(report, paint)}\n`
}

function title({ target }: Judgement, paint: Paint): string {
  return paint('strong', target.name)
}

/** One of many: a line is enough where all is well. */
function line(judgement: Judgement, paint: Paint): string {
  const { target, unusable } = judgement
  const broken = brokenOf(judgement)
  const result = unusable !== undefined || broken.length > 0 ? 'broken' : 'holds'
  const words = unusable ?? counts(judgement)
  return `${paint(TONES[result], MARKS[result])} ${target.name.padEnd(24)} ${words}\n`
}

function laws(judgement: Judgement, paint: Paint): string {
  const { unusable, untried, verdicts } = judgement
  if (unusable !== undefined) {
    const lines = wrapped(unusable, WIDTH - 4).map((each, i) => (i === 0 ? each : `    ${each}`))
    return `  ${paint('bad', '✗')} ${lines.join('\n')}\n`
  }
  const width = Math.max(0, ...verdicts.map(({ law }) => law.id.length))
  const lines = verdicts.map((verdict) => {
    const { law, reason, result } = verdict
    const words = result === 'excused' ? `excused: ${reason}` : law.title
    const mark = paint(TONES[result], MARKS[result])
    return wrapped(words, WIDTH - width - 6).map((each, i) =>
      i === 0 ? `  ${mark} ${law.id.padEnd(width)}  ${each}` : `${' '.repeat(width + 6)}${each}`,
    )
  })
  const names = untried.map(({ id }) => id).join(', ')
  const rest = wrapped(`not tried: ${names}`, WIDTH - 4).map((each, i) =>
    i === 0 ? `  ${paint('faint', '·')} ${each}` : `    ${each}`,
  )
  return [...lines.flat(), ...(untried.length === 0 ? [] : rest), ''].join('\n')
}

function story(judgement: Judgement, verdict: ToldVerdict, report: Report, paint: Paint): string {
  const { finding = '', law, place = '' } = verdict
  return [
    `${paint('bad', '✗')} ${paint('strong', `the law "${law.id}" is broken`)}`,
    '',
    hang(`It ${law.title}.`, 'law', 10),
    hang(law.why, 'why', 10),
    hang(`${finding} ${place}`.trim(), 'found', 10, paint),
    ...stepsOf(verdict).map((step, i) => hang(step, i === 0 ? 'story' : '', 10)),
    // In one piece, however long, to be copied.
    `  again     ${repeat(judgement, verdict, report)}`,
    '',
  ].join('\n')
}

function summary(report: Report, paint: Paint): string {
  const { elapsed, interrupted, judgements, runs, seed } = report
  const all = judgements.flatMap(({ verdicts }) => verdicts)
  const count = (result: string): number => all.filter((each) => each.result === result).length
  const [holds, broken, excused] = [count('holds'), count('broken'), count('excused')]
  const unusable = judgements.filter((each) => each.unusable !== undefined).length
  const words = [
    ...(all.length > 0 ? [`${plural(holds, 'law')} ${holds === 1 ? 'holds' : 'hold'}`] : []),
    ...(broken > 0 ? [paint('bad', `${broken} ${broken === 1 ? 'is' : 'are'} broken`)] : []),
    ...(excused > 0 ? [`${excused} excused`] : []),
    ...(unusable > 0 ? [paint('bad', `${plural(unusable, 'file')} cannot be used`)] : []),
    ...(interrupted ? [paint('warn', 'stopped before the end')] : []),
  ]
  const how = `seed ${seed}, ${plural(runs, 'example')} a law, ${(elapsed / 1000).toFixed(1)} s`
  const id = all.find(({ result }) => result === 'broken')?.law.id
  const hint =
    id === undefined || judgements.every(({ target }) => target.file === undefined)
      ? ''
      : `\nIf one is broken on purpose, say so: export const excused = { '${id}': 'why' }`
  return `${words.join(', ')} ${paint('faint', `(${how})`)}${hint}`
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
function hang(text: string, label: string, width: number, paint?: Paint): string {
  const [first, ...rest] = wrapped(text, WIDTH - width - 2)
  const shown = (each: string): string => (paint === undefined ? each : paint('strong', each))
  return [
    `  ${label.padEnd(width - 2)}  ${shown(first ?? '')}`,
    ...rest.map((each) => `${' '.repeat(width + 2)}${shown(each)}`),
  ].join('\n')
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
