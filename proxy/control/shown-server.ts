import type { AdminState, ServerState } from '../core/endpoint.ts'

/** A server as the API shows it. */
export interface ServerView {
  id: string
  url: string
  /** What operators want of it. */
  state: AdminState
  weight: number
  /** Most requests in flight; null for no limit. */
  max: number | null
  backup: boolean
  /** What has come of that, and why, in a few words; may be empty. */
  status: ServerState
  reason: string
  inFlight: number
}
