import { OUTCOMES } from '../../proxy/core/recorder.ts'
import type { Tries } from './book.ts'

/** A server took no connections, from its first refusal to its next answer (or its last refusal). */
export interface Outage {
  readonly from: number
  readonly to: number
  readonly refused: number
}

const REFUSED = OUTCOMES.indexOf('refused')
/** One refusal may be an accident. */
const FEWEST = 2

export function outagesOf(tries: Tries, servers: number, from: number, to: number): Outage[][] {
  const outages: Outage[][] = Array.from({ length: servers }, () => [])
  const open: (Outage | undefined)[] = outages.map(() => undefined)
  const close = (server: number): void => {
    const outage = open[server]
    if (outage !== undefined && outage.refused >= FEWEST) outages[server].push(outage)
    open[server] = undefined
  }
  for (let i = 0; i < tries.count; i++) {
    if (tries.request[i] < from || tries.request[i] >= to) continue
    const server = tries.server[i]
    const at = tries.picked[i]
    if (tries.outcome[i] !== REFUSED) {
      // An answer that was begun before does not end it.
      close(server)
      continue
    }
    const before = open[server]
    open[server] = { from: before?.from ?? at, to: at, refused: (before?.refused ?? 0) + 1 }
  }
  for (let server = 0; server < servers; server++) close(server)
  return outages
}
