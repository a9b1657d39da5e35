import type { Option } from '../../proxy/core/options.ts'
import type { StrategyEntry } from '../../proxy/strategies/index.ts'

const OPEN = '<!-- options -->'
const CLOSE = '<!-- /options -->'

/** `| [`name`](file.ts) | …` or `| `name` | …`: a line about a strategy. */
const ROW = /^\| (?:\[`(\w+)`\]\([\w-]+\.ts\)|`(\w+)`) \|/

/**
 * proxy/strategies/README.md as it should be: its tables have a row for every strategy, in the registry's order, with the
 * registry's words for what is the registry's; options stand where they belong. Everything else is prose, and left as it is.
 *
 * Throws if a strategy has no row in a table, which only a person can write.
 */
export function inStep(page: string, strategies: readonly StrategyEntry[]): string {
  const [open, close] = [page.indexOf(OPEN), page.indexOf(CLOSE)]
  if (open < 0 || close < open) throw new Error(`the page has no ${OPEN} … ${CLOSE}`)
  const before = tablesInStep(page.slice(0, open), strategies)
  const after = tablesInStep(page.slice(close), strategies)
  return `${before}${OPEN}\n${optionsTable(strategies)}\n${after}`
}

/** The strategies that some row of the page is about, each once. */
export function namesOf(page: string): string[] {
  return [...new Set(page.split('\n').flatMap((line) => nameOf(line) ?? []))]
}

/** The cells of the page's first row about that strategy. */
export function cellsOf(page: string, name: string): string[] {
  const row = page.split('\n').find((line) => nameOf(line) === name)
  if (row === undefined) throw new Error(`no row for ${name}`)
  return cells(row)
}

function tablesInStep(text: string, strategies: readonly StrategyEntry[]): string {
  const lines = text.split('\n')
  const done: string[] = []
  for (let i = 0; i < lines.length;) {
    const rows = lines.slice(i, endOfRows(lines, i))
    if (rows.length === 0) {
      done.push(lines[i++])
      continue
    }
    done.push(...inOrder(rows, lines[i - 2] ?? '', strategies))
    i += rows.length
  }
  return done.join('\n')
}

function endOfRows(lines: readonly string[], start: number): number {
  let end = start
  while (end < lines.length && nameOf(lines[end]) !== undefined) end++
  return end
}

/** Rows of strategies that the registry has not come last, as they were. */
function inOrder(
  rows: readonly string[],
  head: string,
  strategies: readonly StrategyEntry[],
): string[] {
  const columns = cells(head)
  const known = strategies.map((entry) => {
    const row = rows.find((line) => nameOf(line) === entry.name)
    if (row === undefined) throw new Error(`no row for ${entry.name} under ${head}`)
    const given = cells(row)
    return `| ${columns.map((column, i) => ofRegistry(column, entry) ?? given[i]).join(' | ')} |`
  })
  const names = strategies.map(({ name }) => name)
  return [...known, ...rows.filter((line) => !names.includes(nameOf(line)!))]
}

/** What the registry says itself; undefined for what is prose. */
function ofRegistry(column: string, { aliases, summary }: StrategyEntry): string | undefined {
  if (column === 'idea') return summary
  return column === 'also' ? aliases.map((alias) => `\`${alias}\``).join(', ') : undefined
}

function optionsTable(strategies: readonly StrategyEntry[]): string {
  const rows = strategies.flatMap(({ name, options }) =>
    Object.entries(options).map(([option, each]) => {
      return `| \`${name}\` | \`${option}\` | ${each.help} | ${each.range} | ${fallback(each)} |`
    }),
  )
  if (rows.length === 0) return 'Nothing yet.'
  const head = [
    '| strategy | option | what it sets | can be | default |',
    '| --- | --- | --- | --- | --- |',
  ]
  return [...head, ...rows].join('\n')
}

function fallback({ fallback: value, duration }: Option<unknown>): string {
  if (duration !== true || typeof value !== 'number') return `\`${String(value)}\``
  return value >= 1000 ? `\`${value / 1000}s\`` : `\`${value}ms\``
}

function nameOf(line: string): string | undefined {
  const [, linked, plain] = ROW.exec(line) ?? []
  return linked ?? plain
}

function cells(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
