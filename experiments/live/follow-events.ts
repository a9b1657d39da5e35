import { get } from 'node:http'
import type { Snapshot, StateEvent } from '../../proxy/core/snapshot.ts'

/**
 * Cuts a stream of server-sent events into single ones (WHATWG HTML, section 9.2.6; of its rules those that our proxy's
 * stream needs: the fields `event` and `data`, and an empty line as the end).
 */
export class EventCutter {
  private rest = ''
  private name = ''
  private data = ''
  private readonly onEvent: (name: string, data: string) => void

  constructor(onEvent: (name: string, data: string) => void) {
    this.onEvent = onEvent
  }

  push(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop()!
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    if (line.startsWith('event: ')) {
      this.name = line.slice(7)
    } else if (line.startsWith('data: ')) {
      this.data = line.slice(6)
    } else if (line === '') {
      if (this.data !== '') this.onEvent(this.name, this.data)
      this.name = this.data = ''
    }
  }
}

export interface EventFollower {
  onSnapshot(snapshot: Snapshot): void
  onState(event: StateEvent): void
}

/** Tells of each snapshot and each change of state that the proxy sends. Gives the way to hang up. */
export function followEvents(url: string, follower: EventFollower): () => void {
  let latest = -1
  const cutter = new EventCutter((name, data) => {
    if (name === 'state') follower.onState(JSON.parse(data) as StateEvent)
    if (name !== 'snapshot') return
    const snapshot = JSON.parse(data) as Snapshot
    // A reader that was too slow for a while is sent the latest snapshot again.
    if (snapshot.time > latest) follower.onSnapshot(snapshot)
    latest = snapshot.time
  })
  const request = get(url, { agent: false }, (response) => {
    response.setEncoding('utf8')
    response.on('data', (text: string) => cutter.push(text))
    response.on('error', () => {})
  })
  // A stream that breaks means that the proxy has gone, and that is noticed by its process.
  request.on('error', () => {})
  return () => void request.destroy()
}
