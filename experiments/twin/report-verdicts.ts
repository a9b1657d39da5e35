import { wrapWords } from '../../simulator/format.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import type { Paint } from '../live/paint.ts'
import type { Judged } from './judging.ts'
import type { TwinsOfScenario } from './twins.ts'

type Verdict = Judged['verdict']

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', undecided: '?' }
const TONES: Readonly<Record<Verdict, Tone>> = { pass: 'good', fail: 'bad', undecided: 'warn' }

/** What came of the thresholds of one scenario, and the command that repeats what does not hold; nothing if there were none. */
export function verdictLines({ asked }: TwinsOfScenario, width: number, paint: Paint): string[] {
  if (asked === undefined) return []
  const lines = rowsOf(asked).flatMap(({ item, strategy }) => {
    const [first, ...rest] = wrapWords(`${strategy}: ${item.what}: ${textOf(item)}`, width - 2)
    const mark = paint(TONES[item.verdict], MARKS[item.verdict])
    return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`)]
  })
  // In one piece, however long, to be copied.
  return ['', ...lines, ...(isOpen(asked) ? ['', `  again  ${asked.again}`] : [])]
}

/** The same for Markdown. */
export function verdictRows({ asked }: TwinsOfScenario): string[] {
  if (asked === undefined) return []
  const rows = rowsOf(asked).map(({ item, strategy }) => {
    return `| ${MARKS[item.verdict]} | ${strategy} | ${item.what} | ${textOf(item)} |`
  })
  const again = isOpen(asked) ? ['', 'Again:', '', '```sh', asked.again, '```'] : []
  return ['', '| | strategy | asked | found |', '| --- | --- | --- | --- |', ...rows, ...again]
}

type Asked = NonNullable<TwinsOfScenario['asked']>

function rowsOf({ verdicts }: Asked): { readonly strategy: string; readonly item: Judged }[] {
  return verdicts.flatMap(({ items, strategy }) => items.map((item) => ({ strategy, item })))
}

function isOpen(asked: Asked): boolean {
  return rowsOf(asked).some(({ item }) => item.verdict !== 'pass')
}

function textOf({ hint, seen }: Judged): string {
  return hint === undefined ? seen : `${seen}: ${hint}`
}
