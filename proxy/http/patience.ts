import type { Socket } from 'node:net'

/** Connections that have so long to do what comes next: all alike, so that the oldest is always late first. */
export class Patience {
  /** Milliseconds. Another one holds at once, also for those who wait already. */
  timeout: number
  private readonly beginnings = new Map<Socket, number>()

  constructor(timeout: number) {
    this.timeout = timeout
  }

  begin(socket: Socket, now: number): void {
    this.beginnings.set(socket, now)
  }

  /** True if it was waited for. */
  end(socket: Socket): boolean {
    return this.beginnings.delete(socket)
  }

  /** Takes out those whose time is over; `Infinity` is the end of all time. */
  expire(now: number, late: (socket: Socket) => void): void {
    for (const [socket, begun] of this.beginnings) {
      if (now - begun < this.timeout) return
      this.beginnings.delete(socket)
      late(socket)
    }
  }
}
