import { loadSettings } from '../../proxy/config.ts'
import { SOURCES } from '../../proxy/config-sources.ts'
import { writePath } from '../../proxy/core/problems.ts'
import { changedNames } from '../../proxy/settings-changes.ts'
import type { Settings } from '../../proxy/settings.ts'
import { knobs } from './knobs.ts'

/** A table of the page: what the code says, in order, a row each, and how many columns a person adds. */
interface Table {
  readonly name: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A family of metrics, as a scrape describes it. */
export interface FamilyLine {
  readonly name: string
  readonly type: string
  readonly help: string
}

/**
 * docs/operators.md as it should be: every key, variable, flag and metric that there is, as the code has it. What a person has written
 * in the last column of a row stays. Everything else is prose, and left as it is.
 */
export function operatorsInStep(page: string, families: readonly FamilyLine[]): string {
  return [keysTable(), sourcesTable(), metricsTable(families)].reduce(withTable, page)
}

/** The keys of rows where nobody has written anything. */
export function untold(page: string): string[] {
  return page.split('\n').flatMap((line) => (line.endsWith('|  |') ? [cellsOf(line)[0]] : []))
}

function keysTable(): Table {
  return {
    name: 'keys',
    head: ['key', 'what it must be', 'default', 'reload', 'what it is for, and when to change it'],
    rows: knobs().map(({ path, rule, usual }) => [
      `\`${path}\``,
      escaped(rule),
      usual === '' ? 'none' : `\`${usual}\``,
      followsReload(path) ? 'yes' : 'no',
    ]),
  }
}

/** Servers and strategy always do. */
function followsReload(path: string): boolean {
  const [top, below] = path.split(/[.[]/)
  const before: Settings = loadSettings({ env: { BACKEND_SERVERS: 'http://127.0.0.1:9' } }).settings
  const other = top === 'limits' ? { ...before.limits, [below]: 'another' } : 'another'
  return changedNames(before, { ...before, [top]: other }).restart.length === 0
}

function sourcesTable(): Table {
  return {
    name: 'sources',
    head: ['variable', 'flag', 'sets', 'default'],
    rows: SOURCES.map((source) => [
      source.variable === undefined ? 'none' : `\`${source.variable}\``,
      source.flag === undefined ? 'none' : `\`${source.flag}\``,
      `\`${writePath(source.path)}\`${source.read('x') === false ? ': off' : ''}`,
      source.default === undefined ? 'none' : `\`${source.default}\``,
    ]),
  }
}

function metricsTable(families: readonly FamilyLine[]): Table {
  return {
    name: 'metrics',
    head: ['metric', 'type', 'what it is', 'watch it'],
    rows: families.map(({ name, type, help }) => [`\`${name}\``, type, escaped(help)]),
  }
}

function withTable(page: string, { head, name, rows }: Table): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(open), page.indexOf(close)]
  if (from < 0 || to < from) throw new Error(`the page has no ${open} … ${close}`)
  const written = new Map<string, string>()
  for (const line of page.slice(from, to).split('\n')) {
    const cells = cellsOf(line)
    if (cells.length > 1) written.set(cells[0], cells.at(-1)!)
  }
  const lines = rows.map((row) => {
    const own = row.length < head.length ? [written.get(row[0]) ?? ''] : []
    return lineOf([...row, ...own])
  })
  const table = [lineOf(head), lineOf(head.map(() => '---')), ...lines].join('\n')
  return `${page.slice(0, from)}${open}\n${table}\n${page.slice(to)}`
}

/** `| a | b |` as its cells; none of anything else. */
function cellsOf(line: string): string[] {
  if (!line.startsWith('| ')) return []
  return line
    .slice(2, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
