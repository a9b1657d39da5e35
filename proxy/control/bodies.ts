import { mapping } from '../config-shapes.ts'
import { checked, integer, weight, wrong } from '../config-values.ts'
import type { AdminState } from '../core/endpoint.ts'

const STATES: readonly AdminState[] = ['ready', 'drain', 'maint']

const state = checked((value) => {
  const found = STATES.find((each) => each === value)
  return found ?? wrong(`must be one of ${STATES.join(', ')}`)
})

/** What PATCH can change of a server. */
export const CHANGE = mapping({
  state: state.exactOptional(),
  weight: weight.exactOptional(),
  max: integer(1).nullable().exactOptional(),
})

/** What POST adds; the URL alone does as well. */
export { arrival as ARRIVAL } from '../config-upstream.ts'
