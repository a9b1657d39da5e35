import type { Socket } from 'node:net'
import { Patience } from './patience.ts'

/** So many are told at a time why they are not let in. In a flood the others are just closed: to tell all would be work for an attacker. */
const MOST_TOLD = 32
/** How long they have to read it, in milliseconds. */
const TIME_TO_READ = 1000

const BODY = '{"error":"too_many_connections"}\n'
const ANSWER =
  'HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n' +
  `Content-Length: ${BODY.length}\r\nCache-Control: no-store\r\nRetry-After: 1\r\nConnection: close\r\n\r\n${BODY}`

/** Tells clients for whom there is no room that they may try again. Nothing that they send is read as a request. */
export class BusyAnswer {
  private readonly told = new Patience(TIME_TO_READ)
  private count = 0

  /** In plain HTTP. */
  tell(socket: Socket, now: number): void {
    if (this.count === MOST_TOLD) {
      socket.destroy()
      return
    }
    this.count++
    this.told.begin(socket, now)
    socket.on('close', () => {
      this.count--
      this.told.end(socket)
    })
    // To close at once, with a request unread, would make the system take the answer back (RFC 9112, section 9.6).
    socket.end(ANSWER)
    socket.on('end', () => socket.destroy())
    socket.resume()
  }

  tick(now: number): void {
    this.told.expire(now, (socket) => socket.destroy())
  }

  kill(): void {
    this.tick(Infinity)
  }
}
