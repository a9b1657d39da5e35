import type { Endpoint } from './endpoint.ts'

/** How much of health counts: all of it, only what active checks say, or none. */
export type Heed = 'all' | 'checks' | 'none'

/**
 * Says how much of health counts now.
 *
 * Where fewer servers than `share` are well, either the checks are wrong or the rest cannot carry the load: then they would go
 * down one by one, the last the fastest. So health is ignored, some requests fail, and nobody is crushed. It is Envoy's panic threshold,
 * 50 % as there. Off with a share of 0. A backup that is well is a better way out than servers that are not: where no other server is,
 * it takes over and nobody panics. Servers that no check has judged yet are not counted.
 *
 * Apart from that passive health alone never leaves nobody: if checks have taken down all the others, those that sit out are used.
 */
export function heedOf(servers: readonly Endpoint[], share: number): Heed {
  let primaries = 0
  let wellPrimaries = 0
  let backups = 0
  let wellBackups = 0
  for (const server of servers) {
    if (!server.wanted || server.unproven) continue
    if (server.backup) {
      backups++
      if (server.well) wellBackups++
    } else {
      primaries++
      if (server.well) wellPrimaries++
    }
  }
  const saved = primaries > 0 && wellPrimaries === 0 && wellBackups > 0
  const part = primaries > 0 ? wellPrimaries / primaries : wellBackups / backups // NaN of nobody
  if (part < share && !saved) return 'none'
  return wellPrimaries + wellBackups > 0 ? 'all' : 'checks'
}
