import { hash32 } from '../core/hash.ts'
import type { Settings } from '../settings.ts'
import type { Downstream } from './downstream.ts'
import { fieldOf } from './fields.ts'

/** Says which requests belong together: a 32-bit key, the same for the same client address or field. */
export type Affinity = (request: Downstream) => number

/** A request without the configured field falls back to its client's address. */
export function affinityBy(setting: Settings['affinity']): Affinity {
  if (setting === 'address') return (request) => hash32(request.address)
  const name = setting.header.toLowerCase()
  return (request) => hash32(fieldOf(request.fields, name) ?? request.address)
}
