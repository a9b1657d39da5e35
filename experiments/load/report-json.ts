import type { LoadReport } from './report.ts'

/** For programs: everything that is known. Microseconds are kept, and nothing below. */
export function jsonReport(report: LoadReport): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value), 2)}\n`
}
