import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Crowd } from './crowd.ts'
import { Generator } from './generator.ts'
import type { Plan } from './plan.ts'
import type { Sender } from './sender.ts'
import { shop } from './shop.ts'
import type { Source } from './source.ts'
import { VisitSource } from './visit-source.ts'
import { Visits } from './visits.ts'

/** What was sent before the run, off the record. */
export interface Rehearsal {
  readonly requests: number
  /** Milliseconds. */
  readonly took: number
}

const RATE = 20_000
const USERS = 16
/** Milliseconds: on a slow machine it is shorter in requests, not longer in time. */
const LONGEST = 1500

/**
 * Sends requests to a server of our own in this process, so that our code is compiled and our heap has grown when the first request
 * of the run is due: a cold generator is late by dozens of milliseconds at high rates, and would measure that. The target sees nothing
 * of it, so whatever a behaviour does is done only in the run, and the target is measured as it is found, cold if it is cold.
 */
export async function rehearse(
  { model, sender }: Pick<Plan, 'model' | 'sender'>,
  requests: number,
): Promise<Rehearsal | null> {
  if (requests === 0) return null
  const server = createServer((_request, response) => void response.end('ok'))
  try {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { fields, keepAlive, serverHeader } = sender
    const options = { fields, keepAlive, serverHeader, url: `http://127.0.0.1:${port}` }
    const visits = { behaviour: shop, seed: 1 }
    const limited = { ...options, connections: USERS, duration: LONGEST }
    const one: Sender =
      model === 'open'
        ? new Generator({ ...limited, source: first(requests, visits) })
        : new Crowd({ ...limited, users: new Visits({ ...visits, count: USERS }) })
    const start = performance.now()
    one.start()
    const check = setInterval(() => {
      if (one.account.due >= requests || performance.now() - start > LONGEST) one.stop()
    }, 5)
    await one.sourceEnded
    clearInterval(check)
    // What is left of a flood goes the way of the rest, or is given up.
    const late = setTimeout(() => one.giveUp(), LONGEST)
    await one.finished
    clearTimeout(late)
    return { requests: one.account.answered, took: performance.now() - start }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function first(
  requests: number,
  visits: { readonly behaviour: typeof shop; readonly seed: number },
): Source {
  const source = new VisitSource({ ...visits, arrivals: { type: 'poisson', rate: RATE } })
  let left = requests
  return { next: () => (left-- > 0 ? source.next() : undefined) }
}
