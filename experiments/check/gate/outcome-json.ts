import { VERSION } from '../../../proxy/admin/version.ts'
import { jsonOf } from '../report-json.ts'
import type { Outcome } from './item.ts'

/** For programs: everything that is known. */
export function jsonOutcome({ elapsed, laws, parts, ...rest }: Outcome): string {
  const told = {
    version: VERSION,
    ...rest,
    milliseconds: Math.round(elapsed),
    ...(laws !== undefined && { laws: jsonOf(laws) }),
    scenarios: parts,
  }
  // No number is infinite in JSON: what has no limit is null.
  return `${JSON.stringify(told, undefined, 2)}\n`
}
