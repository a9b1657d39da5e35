import { createHash } from 'node:crypto'
import type { Endpoint } from '../core/endpoint.ts'
import type { ServerView } from './shown-server.ts'

export type { ServerView } from './shown-server.ts'

export function viewOf(server: Endpoint, url: string): ServerView {
  return {
    id: server.id,
    url,
    state: server.admin,
    weight: server.configuredWeight,
    max: server.max === Infinity ? null : server.max,
    backup: server.backup,
    status: server.state,
    reason: server.reason,
    inFlight: server.inflight,
  }
}

/**
 * The tag of what operators can change, and of nothing else: with requests in flight in it, nobody could ever change a busy
 * server by `If-Match`.
 */
export function tagOf(views: readonly ServerView[]): string {
  return tagged(
    views.map(({ id, url, state, weight, max, backup }) => [id, url, state, weight, max, backup]),
  )
}

/** Of any plain value. */
export function tagged(value: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(value)).digest('base64url')
  return `"${hash.slice(0, 22)}"`
}
