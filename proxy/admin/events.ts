import type { Series, SeriesListener } from '../core/series.ts'
import type { Snapshot, StateEvent } from '../core/snapshot.ts'
import type { Downstream } from '../http/downstream.ts'
import { sendHead, sendJson, take, Visitor } from './answer.ts'
import { EventStream, type Newsroom } from './event-stream.ts'
import type { Hello } from './hello.ts'
import { type LastReading, type Note, Notes } from './notes.ts'
import { Rows } from './rows.ts'
import { VERSION } from './version.ts'

const MOST_STREAMS = 64
/** Changes that are remembered of each sort for those who come later. */
const REMEMBERED = 50
/** How long a browser waits before it comes back, in milliseconds. */
const RETRY = 2000

/**
 * Sends the news to everyone who listens, as Server-Sent Events (WHATWG HTML, section 9.2): `hello` at first, then a
 * `snapshot` a second, a `state` as soon as a server's state changes, and `switched`, `reloaded` or `weighed` when somebody has changed that.
 */
export class Events implements SeriesListener, Newsroom {
  /** The last whole second, if there was one. */
  latest: Snapshot | undefined
  private readonly startedAt: string
  private readonly streams = new Set<EventStream>()
  private readonly remembered: StateEvent[] = []
  private readonly rows = new Rows()
  private readonly notes: Notes
  private readonly noted: Note[] = []
  private readonly reading: () => LastReading
  private readonly stopListening: () => void
  /** The latest snapshot as it is sent, made when the first one wants it. */
  private latestPiece: Uint8Array | undefined
  private closed = false

  constructor(
    series: Pick<Series, 'listen'>,
    startedAt: string,
    reading: () => LastReading = () => ({ ok: true, at: 0 }),
  ) {
    this.startedAt = startedAt
    this.reading = reading
    this.notes = new Notes(reading())
    this.stopListening = series.listen(this)
  }

  /** How many listen. */
  get size(): number {
    return this.streams.size
  }

  /** The last minutes, a row a second: a `Past`, in JSON. */
  get past(): Uint8Array {
    return this.rows.past(this.startedAt)
  }

  answer(request: Downstream): void {
    if (this.closed || this.streams.size >= MOST_STREAMS) {
      take(request, new Visitor(request))
      const error = this.closed ? 'stopping' : 'too_many_streams'
      sendJson(request, 503, { error }, ['Retry-After', '5'])
      return
    }
    const stream = new EventStream(request, this)
    take(request, stream)
    // Buffering proxies on the way would make a minute of it (the field is nginx's).
    const fields = ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no']
    sendHead(request, 200, fields)
    if (request.method === 'HEAD') {
      request.end()
      return
    }
    this.streams.add(stream)
    stream.write(Buffer.concat([Buffer.from(`retry: ${RETRY}\n\n`), this.catchUp()]))
  }

  onSnapshot(snapshot: Snapshot): void {
    this.latest = snapshot
    this.latestPiece = undefined
    this.rows.add(snapshot)
    if (this.streams.size > 0) this.tell(this.snapshotPiece(snapshot))
    for (const note of this.notes.see(snapshot, this.reading())) this.onNote(note)
  }

  onEvent(event: StateEvent): void {
    this.remembered.push(event)
    if (this.remembered.length > REMEMBERED) this.remembered.shift()
    if (this.streams.size > 0) this.tell(pieceOf('state', event))
  }

  catchUp(): Uint8Array {
    const { latest, noted, remembered, startedAt } = this
    const hello: Hello = { version: VERSION, startedAt, events: remembered, notes: noted }
    const piece = pieceOf('hello', hello)
    return latest === undefined ? piece : Buffer.concat([piece, this.snapshotPiece(latest)])
  }

  left(stream: EventStream): void {
    this.streams.delete(stream)
  }

  /** Ends every stream; who comes now is sent away. */
  close(): void {
    this.closed = true
    this.stopListening()
    for (const stream of this.streams) stream.end()
    this.streams.clear()
  }

  private onNote(note: Note): void {
    this.noted.push(note)
    if (this.noted.length > REMEMBERED) this.noted.shift()
    if (this.streams.size > 0) this.tell(pieceOf(note.kind, note))
  }

  private tell(piece: Uint8Array): void {
    for (const stream of this.streams) stream.write(piece)
  }

  private snapshotPiece(snapshot: Snapshot): Uint8Array {
    this.latestPiece ??= pieceOf('snapshot', snapshot)
    return this.latestPiece
  }
}

/** JSON has no line breaks of its own, so that one `data` line is enough. */
function pieceOf(event: string, data: unknown): Uint8Array {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
