import type { StateEvent } from '../core/snapshot.ts'
import type { Note } from './notes.ts'

/** What `event: hello` says, at the beginning and whenever a slow reader has missed something. */
export interface Hello {
  version: string
  /** ISO 8601; the times in snapshots and events count from here. */
  startedAt: string
  /** The latest changes of state, oldest first. */
  events: StateEvent[]
  /** The latest changes by somebody, oldest first. */
  notes: Note[]
}
