import type { Snapshot } from '../core/snapshot.ts'

/** What somebody has changed, told to those who watch. `time`: since the proxy started; it is seen within a second. */
export type Note =
  | { readonly kind: 'switched'; readonly time: number; readonly from: string; readonly to: string }
  /** The configuration was read again; `ok` false: it could not be used, and nothing has changed. */
  | { readonly kind: 'reloaded'; readonly time: number; readonly ok: boolean }
  | {
      readonly kind: 'weighed'
      readonly time: number
      readonly server: string
      readonly from: number
      readonly to: number
    }

/** How the configuration was last read. */
export interface LastReading {
  readonly ok: boolean
  /** Unix time, in milliseconds, of the last that could be used. */
  readonly at: number
}

/**
 * Sees what has changed from one second to the next. So it is the same whoever has changed it, and in every thread, and nobody has to be told
 * of it. Of several readings that fail one after the other it sees the first.
 */
export class Notes {
  private last: Snapshot | undefined
  private reading: LastReading

  constructor(reading: LastReading) {
    this.reading = reading
  }

  see(snapshot: Snapshot, reading: LastReading): Note[] {
    const notes: Note[] = []
    const { time } = snapshot
    const { last } = this
    const { at, ok } = this.reading
    if (reading.at !== at || (ok && !reading.ok)) {
      notes.push({ kind: 'reloaded', time, ok: reading.ok })
    }
    if (last !== undefined) {
      if (last.strategy !== snapshot.strategy) {
        notes.push({ kind: 'switched', time, from: last.strategy, to: snapshot.strategy })
      }
      const before = new Map(last.servers.map(({ id, weight }) => [id, weight]))
      for (const { id: server, weight: to } of snapshot.servers) {
        const from = before.get(server)
        if (from !== undefined && from !== to)
          notes.push({ kind: 'weighed', time, server, from, to })
      }
    }
    this.last = snapshot
    this.reading = reading
    return notes
  }
}
