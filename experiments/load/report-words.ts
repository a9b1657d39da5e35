import { count } from '../../simulator/format.ts'
import type { Conservation, LoadReport } from './report.ts'

/** What all reports say in the same words. */
export function headOf({ elapsed, load, seed, target }: LoadReport): string {
  return `${target} · ${load} · ${(elapsed / 1000).toFixed(1)} s · seed ${seed}`
}

/** Undefined where there was none. */
export function rehearsalText({ rehearsal }: LoadReport): string | undefined {
  if (rehearsal === null) return undefined
  const { requests, took } = rehearsal
  return `${count(requests)} requests in ${(took / 1000).toFixed(1)} s to a server of our own, off the record`
}

/** What due requests became, so that it adds up. */
export function conservationText(requests: Conservation): string[] {
  const { answered, due, failed, inFlight, shed, unconnected, unsendable } = requests
  const parts: [number, string][] = [
    [failed, 'failed'],
    [unconnected, 'never connected'],
    [unsendable, 'unsendable'],
    [shed, 'shed'],
    [inFlight, 'in flight'],
  ]
  const rest = parts.flatMap(([number, word]) => (number > 0 ? [`+ ${count(number)} ${word}`] : []))
  return [[`${count(due)} due = ${count(answered)} answered`, ...rest].join(' ')]
}

export function noServers(header: string): string {
  return `No answer had the field ${header}, so nobody knows which server gave it: there is no table by server, and no threshold of shares can be judged. All else holds. Another field is named by --server-header.`
}

export function shareNote(header: string): string {
  return `servers as ${header} names them; intervals as if each request chose by itself`
}
