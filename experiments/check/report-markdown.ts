import {
  brokenOf,
  excuseOf,
  foundOf,
  harmless,
  isEmpty,
  type Judgement,
  repeat,
  type Report,
  stepsOf,
  type ToldVerdict,
} from './verdicts.ts'

const MARKS = { holds: '✅', broken: '❌', excused: '➖' } as const

/** For a pull request: a table a strategy, and the stories of what is broken. */
export function markdownReport(given: Report): string {
  const report = harmless(given)
  const { runs, seed } = report
  const parts = report.judgements.flatMap((judgement) => [
    `### ${text(judgement.target.name)}`,
    '',
    ...table(judgement),
    ...remarks(judgement),
    ...brokenOf(judgement).flatMap((verdict) => story(judgement, verdict, report)),
  ])
  const left = report.unreached.map(text).join(', ')
  const rest = left === '' ? '' : ` Not reached: ${left}.`
  const stopped = report.interrupted ? ` Stopped before the end.${rest}` : ''
  return [...parts, `Seed ${seed}, ${runs} examples a law.${stopped}`, ''].join('\n')
}

/** What was not asked, or looks odd. */
function remarks({ doubts, unclaimed }: Judgement): string[] {
  const claims = unclaimed.map((claim) => `\`${claim}\``).join(', ')
  return [
    ...doubts.flatMap((doubt) => [`Note: ${text(doubt)}.`, '']),
    ...(claims === '' ? [] : [`Not claimed, and not asked: ${claims}.`, '']),
  ]
}

function table(judgement: Judgement): string[] {
  const { unusable, untried, verdicts } = judgement
  if (isEmpty(judgement)) return ['None of the laws that were asked for concerns it.', '']
  if (unusable !== undefined) return [`❌ ${text(unusable)}`, '']
  return [
    '| | law | it |',
    '| --- | --- | --- |',
    ...verdicts.map(
      (verdict) => `| ${MARKS[verdict.result]} | ${verdict.law.id} | ${words(verdict)} |`,
    ),
    ...untried.map((law) => `| ⏭️ | ${law.id} | not tried |`),
    '',
  ]
}

function words(verdict: ToldVerdict): string {
  const { law, result } = verdict
  if (result === 'excused') return text(excuseOf(verdict))
  if (result === 'holds') return text(law.title)
  return `${text(law.title)}: **${text(foundOf(verdict))}**`
}

function story(judgement: Judgement, verdict: ToldVerdict, report: Report): string[] {
  const { law } = verdict
  const again = repeat(judgement, verdict, report)
  const lines = [...stepsOf(verdict), '', again]
  const longest = Math.max(
    2,
    ...(lines
      .join('\n')
      .match(/`+/g)
      ?.map((ticks) => ticks.length) ?? []),
  )
  const fence = '`'.repeat(longest + 1)
  return [
    `<details><summary>How ${law.id} is broken</summary>`,
    '',
    text(law.why),
    '',
    fence,
    ...lines,
    fence,
    '',
    '</details>',
    '',
  ]
}

/** On one line, with nothing in it that Markdown or HTML would take for its own. */
export function text(given: string): string {
  return given
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~]/g, String.raw`\$&`)
}
