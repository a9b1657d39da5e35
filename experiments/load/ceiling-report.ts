import { count, milliseconds, percent, rate, wrapWords } from '../../simulator/format.ts'
import { type Cell, columnsOf, drawColumns } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'
import type { Ceiling } from './ceiling.ts'

/** For a terminal. */
export function ceilingReport(found: Ceiling, width: number, paint: Paint): string {
  const { ceiling, steps, target } = found
  const columns = columnsOf(
    'right',
    'users',
    'answers/s',
    'p50, ms',
    'p99, ms',
    'errors',
    'generator busy',
  )
  const rows = steps.map(({ busy, errors, p50, p99, rate: speed, users }): Cell[] => [
    count(users),
    { text: rate(speed), tone: speed === ceiling ? 'strong' : 'plain' },
    milliseconds(p50),
    milliseconds(p99),
    { text: percent(errors), tone: errors > 0 ? 'warn' : 'plain' },
    percent(busy),
  ])
  return `${[
    paint('strong', `${target} · users who wait for their answers`),
    '',
    ...drawColumns(columns, rows, width, paint),
    '',
    ...ceilingWords(found)
      .flatMap((text) => wrapWords(text, width))
      .map((line) => paint(ceiling === null ? 'warn' : 'good', line)),
  ].join('\n')}\n`
}

export function ceilingWords({ advice, ceiling, target, why }: Ceiling): string[] {
  if (ceiling === null) return [`No ceiling found: ${why}.`]
  return [
    `The ceiling is about ${rate(ceiling)} requests/s: ${why}.`,
    `What comes at random needs room. Try 70 % of it: evenkeel load ${target} --rate ${advice}`,
  ]
}
