import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

/** What `/proc/PID/stat` counts in, in milliseconds: USER_HZ is 100 on every Linux that Node runs on; proc(5). */
const TICK = 10

export interface Stat {
  parent: number
  /** User and system time of the process and of the children that it has waited for, in ticks. */
  ticks: number
}

/** Reads `/proc/PID/stat`; proc(5). The name may contain spaces and parentheses, so fields count from the last one. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // Fields 4 (ppid), 14 to 17 (utime, stime, cutime, cstime); the first here is number 3.
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number)
  return { parent: Number(fields[1]), ticks: user + system + childrenUser + childrenSystem }
}

/** The root and everything below it. */
export function familyOf(root: number, stats: ReadonlyMap<number, Stat>): number[] {
  const family = [root]
  for (const member of family) {
    for (const [id, stat] of stats) if (stat.parent === member) family.push(id)
  }
  return family
}

/** CPU milliseconds that a process and its children have used so far; undefined where it cannot be read. */
export function cpuOf(root: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const stats = new Map<number, Stat>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const text = readOrNothing(`/proc/${name}/stat`)
    if (text !== '') stats.set(Number(name), parseStat(text))
  }
  if (!stats.has(root)) return undefined
  let ticks = 0
  for (const id of familyOf(root, stats)) ticks += stats.get(id)?.ticks ?? 0
  return ticks * TICK
}

export interface Resident {
  now: number
  /** The most since the process began, or since `forgetPeak`. */
  peak: number
}

/** Resident bytes of one process. */
export function residentNow(id: number): Resident {
  const text = readOrNothing(`/proc/${id}/status`)
  const now = /^VmRSS:\s*(\d+) kB$/m.exec(text)
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(text)
  if (now === null || peak === null) {
    throw new Error('resident memory cannot be read here: it comes from /proc')
  }
  return { now: Number(now[1]) * 1024, peak: Number(peak[1]) * 1024 }
}

/** Has the kernel count the peak from here: 5 in `/proc/PID/clear_refs`, proc(5). Throws where it cannot. */
export function forgetPeak(id: number): void {
  writeFileSync(`/proc/${id}/clear_refs`, '5')
}

/** A process may end between being listed and being read. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
