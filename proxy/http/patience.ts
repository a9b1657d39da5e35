import type { Socket } from 'node:net'

/** Connections that have so long to do what comes next: all alike, so that the oldest is always late first. */
export class Patience {
  private readonly timeout: number
  private readonly deadlines = new Map<Socket, number>()

  /** Milliseconds. */
  constructor(timeout: number) {
    this.timeout = timeout
  }

  begin(socket: Socket, now: number): void {
    this.deadlines.set(socket, now + this.timeout)
  }

  /** True if it was waited for. */
  end(socket: Socket): boolean {
    return this.deadlines.delete(socket)
  }

  /** Takes out those whose time is over; `Infinity` is the end of all time. */
  expire(now: number, late: (socket: Socket) => void): void {
    for (const [socket, deadline] of this.deadlines) {
      if (deadline > now) return
      this.deadlines.delete(socket)
      late(socket)
    }
  }
}
