import { count, milliseconds, percent } from '../../simulator/format.ts'
import type { RunResult } from '../../simulator/result.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Machine } from '../bench/machine.ts'
import { columnsOf, drawColumns } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'

/** One run of one strategy in one world. */
export interface Row {
  readonly label: string
  readonly world: 'sim' | 'live'
  readonly result: RunResult
  /** Why it proves nothing; empty if it may. */
  readonly disturbed: readonly string[]
}

export interface Found {
  readonly version: string
  readonly machine: Machine
  readonly scenario: Scenario
  readonly rows: readonly Row[]
}

const TITLES = ['strategy', 'world', 'requests', 'mean', 'p50', 'p95', 'p99', 'failed', 'retries']
const OF_SERVERS = ['share', 'busy', 'Jain']

/** The worlds of a strategy one below the other. */
export function humanTable(found: Found, width: number, paint: Paint): string {
  const { rows, scenario } = found
  const columns = [
    ...columnsOf('left', ...TITLES.slice(0, 2)),
    ...columnsOf('right', ...TITLES.slice(2), ...OF_SERVERS),
  ]
  const lines = [
    paint('strong', titleOf(scenario)),
    '',
    ...drawColumns(columns, rows.map(cellsOf), width, paint),
    ...notesOf(rows).map((line) => paint('warn', line)),
  ]
  return `${lines.join('\n')}\n`
}

export function markdownTable({ rows, scenario }: Found): string {
  const titles = [...TITLES, ...OF_SERVERS]
  const lines = [
    `### ${titleOf(scenario)}`,
    '',
    `| ${titles.join(' | ')} |`,
    `| --- | --- |${' ---: |'.repeat(titles.length - 2)}`,
    ...rows.map((row) => `| ${cellsOf(row).join(' | ')} |`),
    ...notesOf(rows).map((line) => `\n${line}`),
  ]
  return `${lines.join('\n')}\n`
}

export function jsonTable({ machine, rows, scenario, version }: Found): string {
  const result = {
    evenkeel: version,
    machine,
    scenario: { ...scenario, strategy: undefined },
    runs: rows.map(({ label, result: of, ...row }) => ({ strategy: label, ...row, result: of })),
  }
  return `${JSON.stringify(result, undefined, 2)}\n`
}

function titleOf({ duration, name, seed, warmup = 0 }: Scenario): string {
  const cut = warmup > 0 ? `, the first ${warmup / 1000} s left out` : ''
  return `${name}: ${duration / 1000} s${cut}, seed ${seed}`
}

function cellsOf({ label, result, world }: Row): string[] {
  const { fairness, requests, retries, servers } = result
  const { latency } = requests
  const shares = servers.map(({ share }) => share)
  const busy = servers.reduce((sum, { utilization }) => sum + utilization, 0) / servers.length
  const judged = requests.count - requests.outcomes.aborted
  return [
    label,
    world,
    count(requests.count),
    ...[latency?.mean, latency?.p50, latency?.p95, latency?.p99].map((time) =>
      milliseconds(time ?? null),
    ),
    percent(judged > 0 ? 1 - requests.outcomes.ok / judged : null),
    count(retries),
    `${percent(Math.min(...shares))}–${percent(Math.max(...shares))}`,
    percent(busy),
    fairness.toFixed(3),
  ]
}

function notesOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ disturbed, label }) =>
    disturbed.map((why) => `${label}: the live run is invalid: ${why}`),
  )
}
