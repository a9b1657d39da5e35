import type { LoadReport } from './report.ts'

const COLUMNS = [
  't',
  'due',
  'sent',
  'answered',
  'errors',
  'failed',
  'shed',
  'inflight',
  'p50',
  'p99',
] as const

/** A row a second, warm-up included: `t` is when it ended, in seconds; times are milliseconds, and empty where there was no answer. */
export function csvReport({ seconds }: LoadReport): string {
  const rows = seconds.map((second) =>
    COLUMNS.map((column) => {
      const value = second[column]
      if (value === null) return ''
      return column === 'p50' || column === 'p99' ? value.toFixed(3) : String(value)
    }).join(','),
  )
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`
}
