import { VERSION } from '../../proxy/admin/version.ts'
import type { Found } from './planning.ts'
import { conclusion } from './words.ts'

/** All of it, but for the requests themselves. */
export function jsonReport(found: Found): string {
  const { book, ...log } = found.log
  const { work: _, works, ...estimate } = found.estimate
  const report = {
    evenkeel: VERSION,
    verdict: conclusion(found),
    refused: found.refused,
    interrupted: found.interrupted,
    log: { ...log, used: book.count, forgotten: book.forgotten, span: book.times[book.count - 1] },
    current: found.current,
    changes: found.changes,
    knowledge: found.knowledge,
    estimate: { ...estimate, works: works.length },
    calibration: found.calibration ?? null,
    doubts: found.doubts,
    forecasts: found.forecasts,
    bound: found.bound ?? null,
    stressed: found.stressed,
    headrooms: found.headrooms,
  }
  return `${JSON.stringify(report, told, 2)}\n`
}

/** JSON has no infinity. */
function told(_: string, value: unknown): unknown {
  return value === Infinity ? 'unlimited' : Number.isNaN(value) ? null : value
}
