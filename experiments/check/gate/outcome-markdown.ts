import { markdownReport, text } from '../report-markdown.ts'
import { type Item, itemsOf, type Outcome, type Part, runsText, type Verdict } from './item.ts'
import { countsText, surety } from './outcome-human.ts'

const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  fail: '❌',
  undecided: '❔',
  skipped: '➖',
}

/** For a comment on a pull request: what matters in the first line, a table a scenario, and the commands that repeat what fails. */
export function markdownOutcome(outcome: Outcome): string {
  const { baseline, interrupted, laws, parts, unreached } = outcome
  const verdicts = itemsOf(outcome).map(({ verdict }) => verdict)
  const worst =
    (['fail', 'undecided', 'pass'] as const).find((each) => verdicts.includes(each)) ?? 'skipped'
  const rest = unreached.length === 0 ? '' : ` Not reached: ${unreached.map(text).join(', ')}.`
  return [
    ...(parts.length === 0
      ? []
      : [`## ${MARKS[worst]} ${text(outcome.file)}: ${countsText(outcome)}`, '']),
    ...parts.flatMap(partLines),
    ...(laws === undefined ? [] : [markdownReport(laws)]),
    ...(parts.length === 0 ? [] : [surety(outcome)]),
    ...(baseline === undefined
      ? []
      : ['', `Compared with ${text(baseline)}, run by run under the same seeds.`]),
    ...(interrupted ? ['', `Stopped before the end.${rest}`] : []),
    '',
  ].join('\n')
}

function partLines(part: Part): string[] {
  const { name, notes, seed, standings } = part
  const rows = standings.flatMap(({ items, strategy }) => items.map((item) => row(strategy, item)))
  const open = standings
    .flatMap(({ items }) => items)
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'undecided')
  return [
    `### ${text(name)}`,
    '',
    ...notes.flatMap((note) => [`Note: ${text(note)}.`, '']),
    '| | strategy | asked | found |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `${runsText(part)}, seed ${seed}.${open.length === 0 ? '' : ' Again:'}`,
    '',
    ...(open.length === 0 ? [] : ['```sh', open[0].repeat, '```', '']),
  ]
}

function row(strategy: string, { hint, seen, verdict, what }: Item): string {
  const found = [seen, hint]
    .filter((each) => each !== undefined && each !== '')
    .map((each) => text(each!))
  return `| ${MARKS[verdict]} | ${text(strategy)} | ${text(what)} | ${found.join(': ')} |`
}
