import type { Socket } from 'node:net'
import type { Crowd } from './crowd.ts'
import type { Peer } from './speaker.ts'
import type { NodeDownstream } from './node-downstream.ts'

const CONNECTION = Symbol('connection')

/** How long a client may take to close after an answer that ends the connection, in milliseconds; nginx waits as long. */
const LINGER = 5000

/** With more requests than this waiting on a connection, no more is read from it. */
const MOST_WAITING = 16

/** With more than this waiting, others have their turn before the next one. */
const AT_A_STRETCH = 4

/** A client's connection: which requests on it wait for their answer, and whether more are taken from it. */
export class Connection {
  readonly socket: Socket
  readonly peer: Peer
  /**
   * Requests that are not answered whole yet, oldest first. Only the first is at work: the others were sent without waiting
   * for its answer (pipelined), and wait. Else one client could have thousands of them at work at a time, and a POST
   * could overtake the one before it (RFC 9112, section 9.3.2).
   */
  readonly pending: NodeDownstream[] = []
  /** No further request is taken: what follows a refused request may be its body, and cannot be trusted to be a request. */
  closing = false
  /** What to do when all pending requests are answered: tell of something that was no request. */
  lastWord: (() => void) | undefined
  /** When the last bytes of a closing connection are no longer waited for. */
  lingersUntil = Infinity
  /** After its answer the connection ends; who waits behind it is not served. */
  private last: NodeDownstream | undefined
  /** What the connection had brought when the latest request's head was complete. */
  bytesBefore = 0
  /** Nothing is read from it until fewer wait. */
  paused = false
  /** Of those that wait, how many are in the crowd. */
  private crowding = 0
  private readonly crowd: Crowd
  private readonly start: (downstream: NodeDownstream, connection: Connection) => void

  /** `start` is called when a request's turn has come. */
  constructor(
    socket: Socket,
    peer: Peer,
    crowd: Crowd,
    start: (downstream: NodeDownstream, connection: Connection) => void,
  ) {
    this.socket = socket
    this.peer = peer
    this.crowd = crowd
    this.start = start
    ;(socket as { [CONNECTION]?: Connection })[CONNECTION] = this
  }

  static of(socket: object): Connection | undefined {
    return (socket as { [CONNECTION]?: Connection })[CONNECTION]
  }

  /** Part of the crowd, and there are too many of them: it is this one that makes it larger. */
  get crowds(): boolean {
    return this.crowding > 0 && this.crowd.tooLarge
  }

  /** The connection is gone. */
  left(): void {
    this.crowd.leave(this.crowding)
    this.crowding = 0
  }

  add(downstream: NodeDownstream): void {
    const waiting = this.pending.push(downstream)
    if (waiting === 1) {
      this.start(downstream, this)
    } else if (waiting > MOST_WAITING && downstream.upgrade === undefined) {
      this.paused = true
      this.crowding++
      this.crowd.enter()
      stopReading(this.socket) // Again each time: node:http starts reading whenever it sees a need.
    }
  }

  /** A request is answered, or the connection is gone. */
  finished(downstream: NodeDownstream): void {
    const { pending, socket } = this
    if (pending[0] !== downstream) return // The connection is gone, and this one never had its turn.
    pending.shift()
    if (this.crowding > 0) {
      this.crowding--
      this.crowd.leave()
    }
    if (socket.destroyed || downstream === this.last) return
    if (this.paused && pending.length <= MOST_WAITING / 2) {
      this.paused = false
      startReading(socket)
    }
    if (pending.length > AT_A_STRETCH) {
      // What the proxy answers itself needs nobody else: a client with a hundred of those would hold up all others.
      setImmediate(this.startNext)
    } else if (pending.length > 0) {
      this.start(pending[0], this)
    } else if (this.lastWord !== undefined) {
      this.lastWord()
      this.lastWord = undefined
    }
  }

  private readonly startNext = (): void => {
    if (!this.socket.destroyed && this.pending.length > 0) this.start(this.pending[0], this)
  }

  /** node:http has given the connection away: it reads no more from it, whoever still waits. */
  letGo(): void {
    this.paused = false
  }

  /**
   * Takes no further request. When the last answer is out, what the client is still sending is read and thrown away for a
   * while: closing at once would make its system drop our answer unread (RFC 9112, section 9.6).
   */
  close(now: () => number, last?: NodeDownstream): void {
    this.closing = true
    this.last ??= last
    const { socket } = this
    socket.destroySoon = () => {
      if (this.lingersUntil < Infinity || socket.destroyed) return
      this.lingersUntil = now() + LINGER
      socket.end()
      socket.resume()
    }
  }
}

/** What node:http adds to the sockets that it parses. */
type ParsedSocket = Socket & { _paused?: boolean; parser?: { resume(): void } | null }

/**
 * node:http reads beneath the stream, so pausing the stream alone stops nothing. It has a flag of its own for clients that
 * pipeline faster than they read, which stops its parser after the packet at hand; this is the same case.
 */
function stopReading(socket: ParsedSocket): void {
  socket._paused = true
  socket.pause()
}

function startReading(socket: ParsedSocket): void {
  socket._paused = false
  socket.parser?.resume()
  socket.resume()
}
