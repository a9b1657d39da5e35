import type { Balancer } from '../core/balancer.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { type Draft, readReport, REPORT_FIELD, SILENT } from '../core/report.ts'
import { fieldOf } from './fields.ts'

/** Filled again for every answer: whoever hears it may not keep it. */
const report: Draft = { ...SILENT }

/** Tells the balancer what an answer's fields (name, value, …) say of its server's load. False: nothing. */
export function hear(balancer: Balancer, server: Endpoint, fields: readonly string[]): boolean {
  const text = fieldOf(fields, REPORT_FIELD)
  if (text === undefined || !readReport(text, report)) return false
  balancer.heard(server, report)
  return true
}
