import { availableParallelism } from 'node:os'

/** Systems that share a port's connections out among those who listen on it, as node:net lists them for `reusePort`. */
const ABLE: ReadonlySet<string> = new Set(['linux', 'freebsd', 'aix', 'sunos'])

/** Whether several threads can listen on one port here. */
export function sharesPorts(platform: string = process.platform): boolean {
  return ABLE.has(platform)
}

/** How many threads a setting means. `auto` is one a core, and one where a port cannot be shared. */
export function threadsOf(
  workers: number | 'auto',
  platform: string = process.platform,
  cores = availableParallelism(),
): number {
  if (workers !== 'auto') return workers
  return sharesPorts(platform) ? cores : 1
}

/** Why there cannot be so many threads; undefined if there can. */
export function whyNoThreads(
  workers: number,
  platform: string = process.platform,
): string | undefined {
  if (workers === 1 || sharesPorts(platform)) return undefined
  return `workers must be 1 on this system (${platform}), where threads cannot share a port: got ${workers}`
}
