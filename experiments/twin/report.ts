import {
  clip,
  milliseconds,
  NOTHING,
  percent,
  plural,
  wrapWords,
  paragraphs,
} from '../../simulator/format.ts'
import { columnsOf, drawColumns, type Cell } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'
import type { Figure, Finding, ShareError } from './findings.ts'
import { PERCENTILES, type Percentile } from './goal.ts'
import type { Ranking } from './ranking.ts'
import { verdictLines, verdictRows } from './report-verdicts.ts'
import type { Twins, TwinsOfScenario } from './twins.ts'

const TITLES = [
  'strategy',
  ...PERCENTILES.flatMap((key) => [key, 'foretold', 'error']),
  'share',
  'failed',
  'foretold',
]

/** For a person: a table a scenario, and what cannot be read off it. */
export function humanReport(found: Twins, width: number, paint: Paint): string {
  const parts = found.scenarios.map((each) => [
    paint('strong', titleOf(each)),
    ...drawColumns(
      [...columnsOf('left', TITLES[0]), ...columnsOf('right', ...TITLES.slice(1))],
      each.findings.map((finding) => rowOf(finding).map((text, i) => cellOf(text, finding, i))),
      width,
      paint,
    ),
    ...notesOf(each).flatMap((line) => wrapWords(line, width)),
    ...verdictLines(each, width, paint),
  ])
  const [head, closing] = [headOf(found), closingOf(found)].map((lines) => {
    return lines.flatMap((line) => wrapWords(line, width))
  })
  return paragraphs([head, ...parts, closing])
}

/** The same for a file or a pull request. `where`: on which machine, and when. */
export function markdownReport(found: Twins, where: readonly string[] = []): string {
  const parts = found.scenarios.map((each) => [
    `### ${titleOf(each)}`,
    '',
    `| ${TITLES.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(TITLES.length - 1)}`,
    ...each.findings.map((finding) => `| ${rowOf(finding).join(' | ')} |`),
    '',
    ...notesOf(each).map((line) => `- ${line}`),
    ...verdictRows(each),
  ])
  const machine = where.length === 0 ? [] : [`Measured on ${where.join('; ')}.`]
  return paragraphs([machine, headOf(found), ...parts, closingOf(found)])
}

function headOf({ calibration }: Twins): string[] {
  if (calibration === undefined)
    return ['Stopped before the calibration was done: nothing is known.']
  const { behind, front } = calibration
  return [
    `Calibrated on one server alone: clients to the proxy and back take ${ms(front.p50)} (p99 ${ms(front.p99)}), the proxy to a server or back ${ms(behind.p50)} (p99 ${ms(behind.p99)}).`,
    'Each run was foretold 39 times, each time with other dice for the ways. The error is of their middle against what was measured;',
    '! marks what is outside of all 39, as by chance one case in twenty is.',
  ]
}

function titleOf({ findings, scenario }: TwinsOfScenario): string {
  const runs = findings[0]?.pairs.length ?? 0
  const requests = findings[0]?.pairs.reduce(
    (sum, { measured }) => sum + measured.requests.count,
    0,
  )
  return `${scenario.name}: ${plural(runs, 'run')} of ${scenario.duration / 1000} s, ${requests} requests a strategy`
}

function rowOf({ failed, percentiles, share, strategy }: Finding): string[] {
  return [
    clip(strategy, 24),
    ...PERCENTILES.flatMap((key) => figureOf(percentiles?.[key])),
    `${signed(share.error * 100, 2)} pt${outside(share)}`,
    percent(failed.measured),
    percent(failed.predicted),
  ]
}

function figureOf(figure: Figure | undefined): string[] {
  if (figure === undefined) return [NOTHING, NOTHING, NOTHING]
  const { error, measured, predicted } = figure
  return [
    milliseconds(measured),
    milliseconds(predicted),
    `${signed(error * 100, 1)} %${outside(figure)}`,
  ]
}

/** A mark for what is outside of all that was foretold; a bucket more or less is none (see proxy/core/histogram.ts). */
function outside({ high, low, measured }: Figure | ShareError): string {
  const bucket = measured / 128
  return measured < low - bucket || measured > high + bucket ? ' !' : ''
}

function cellOf(text: string, { disturbed, missed }: Finding, column: number): Cell {
  const key = column === 3 ? 'p50' : column === 9 ? 'p99' : column === 10 ? 'share' : ''
  if (column === 0 && disturbed.length > 0) return { text, tone: 'warn' }
  return missed.includes(key) ? { text, tone: 'bad' } : text
}

function notesOf({ findings, rankings }: TwinsOfScenario): string[] {
  const notes = rankings.map(rankingNote)
  for (const { disturbed, missed, strategy } of findings) {
    if (missed.length > 0) notes.push(`${strategy} misses the goal: ${missed.join(', ')}`)
    for (const why of disturbed) notes.push(`${strategy}: a run is invalid: ${why}`)
  }
  const bare = findings.flatMap(({ percentiles }) => (percentiles ? [percentiles.p50.bare] : []))
  if (bare.length > 0) {
    const [low, high] = [Math.min(...bare), Math.max(...bare)]
    notes.push(
      `without the calibration p50 would be off by ${signed(low * 100, 1)} to ${signed(high * 100, 1)} %`,
    )
  }
  const ways = findings.flatMap(({ pairs }) => pairs.map(({ ways: { mean } }) => mean))
  notes.push(
    `the ways took ${ms(Math.min(...ways))} to ${ms(Math.max(...ways))} on average in these runs`,
  )
  return notes
}

function rankingNote({ contrary, figure, measured, predicted, same, tied }: Ranking): string {
  const order = measured.join(' < ')
  const ours =
    predicted.join(' < ') === order ? 'foretold the same' : `foretold ${predicted.join(' < ')}`
  const against =
    contrary.length === 0 ? 'none the other way round' : `CONTRARY: ${contrary.join('; ')}`
  return `by ${figure}: ${order}; ${ours}; of the pairs ${same} are ranked the same, ${against}, ${tied} tied`
}

function closingOf({ calibration, interrupted, scenarios }: Twins): string[] {
  if (calibration === undefined) return []
  const findings = scenarios.flatMap((each) => each.findings)
  const met = findings.filter(({ missed }) => missed.length === 0).length
  const disturbed = findings.filter((each) => each.disturbed.length > 0).length
  const contrary = scenarios.flatMap(({ rankings }) => rankings).flatMap((each) => each.contrary)
  const lines = [
    ...worstOf(findings.filter((each) => each.disturbed.length === 0)),
    `Goal (p50 within 5 %, p99 within 10 %, shares within 1 point): met in ${met} of ${findings.length} cases; ` +
      `${contrary.length} pairs of strategies ranked the other way round.`,
  ]
  if (disturbed > 0)
    lines.push(`${disturbed} cases have runs that were disturbed, and prove nothing.`)
  if (interrupted) lines.push('Stopped before the end.')
  const wide = calibration.front.p99 + 2 * calibration.behind.p99
  lines.push(
    `The unexplained rest: how long a way takes is drawn anew for each message, while pauses of a real process (up to ${ms(wide)} for all of them at p99) hit neighbours together; ` +
      'and a decision that hangs by a fraction of a millisecond goes the other way now and then, and takes what follows along.',
  )
  return lines
}

/** How far off it was at most where nothing else was going on. */
function worstOf(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return []
  const off = (key: Percentile): string => {
    const errors = findings.map(({ percentiles }) => Math.abs(percentiles?.[key].error ?? 0))
    return percent(Math.max(...errors))
  }
  const points = Math.max(...findings.map(({ share }) => Math.abs(share.error))) * 100
  return [
    `Of ${plural(findings.length, 'case')} that nothing disturbed p50 was off by at most ${off('p50')}, p95 by ${off('p95')}, p99 by ${off('p99')}, and shares by ${points.toFixed(2)} points.`,
  ]
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return value >= 0 && !text.startsWith('-') ? `+${text}` : text
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}
