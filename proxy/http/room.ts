import type { WaitingLine } from '../core/waiting-line.ts'

/**
 * Tells the line that there is room again, if anybody waits in any thread: not while the server that made it is still being read, but a turn of the loop
 * later. By then undici lets the connection be used again; at once it would open another, beyond as many as the server may have
 * requests. And nobody is served in the middle of somebody else's end.
 */
export class Room {
  private readonly line: WaitingLine
  private planned = false

  constructor(line: WaitingLine) {
    this.line = line
  }

  /** Hot: a server has been given back. */
  made(): void {
    if (this.line.total === 0 || this.planned) return
    this.planned = true
    process.nextTick(plan, this)
  }

  serve(): void {
    this.planned = false
    this.line.serve()
  }
}

/** undici asks for its own turn at the end of an answer, after the last that we hear of it: ours is to come after that. */
function plan(room: Room): void {
  setImmediate(serve, room)
}

function serve(room: Room): void {
  room.serve()
}
