import { resolve } from 'node:path'
import { isMapping, type Path, type Problem } from './core/problems.ts'
import type { ListenSettings } from './listen-settings.ts'
import { CertificateFault, doubts, readCertificate } from './tls/certificates.ts'

/** Paths in the file begin where it is. */
export function withPaths(places: readonly ListenSettings[], home: string): ListenSettings[] {
  return places.map(({ tls, ...given }) => {
    const place = 'socket' in given ? { ...given, socket: resolve(home, given.socket) } : given
    if (tls === undefined) return place
    const certificates = tls.certificates.map((each) => ({
      ...each,
      cert: resolve(home, each.cert),
      key: resolve(home, each.key),
    }))
    return { ...place, tls: { ...tls, certificates } }
  })
}

/** Reads every certificate, to see whether it can be used. `given`: what the file has as `listen`. `now`: milliseconds since 1970. */
export function judgeCertificates(
  places: readonly ListenSettings[],
  given: unknown,
  now: number,
): { problems: Problem[]; warnings: string[] } {
  const problems: Problem[] = []
  const warnings: string[] = []
  for (const [index, { tls }] of places.entries()) {
    const above: Path = Array.isArray(given) ? ['listen', index, 'tls'] : ['listen', 'tls']
    const shift = hasOwnPair(Array.isArray(given) ? given[index] : given) ? 1 : 0
    for (const [at, each] of (tls?.certificates ?? []).entries()) {
      const path = at < shift ? above : [...above, 'certificates', at - shift]
      try {
        warnings.push(...doubts(readCertificate(each), each.cert, now))
      } catch (error) {
        if (!(error instanceof CertificateFault)) throw error
        const rule = error.of === 'cert' ? 'must be a certificate' : 'must be its key'
        problems.push({ path: [...path, error.of], text: `${rule}: ${error.message}` })
      }
    }
  }
  return { problems, warnings }
}

/** `tls: { cert, key }` beside or in place of `certificates`. */
function hasOwnPair(place: unknown): boolean {
  const tls = isMapping(place) ? place['tls'] : undefined
  return isMapping(tls) && tls['cert'] !== undefined
}
