import { answering, type Behaviour, OK, type Received } from './recording-backend.ts'

/*
 * What origins do wrong, for a `RecordingBackend`: each is told of every piece that comes in on a connection, and does its worst.
 */

const HEAD = 'HTTP/1.1 200 OK\r\n'
export const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`

/** Reads, and never answers. */
export const saysNothing: Behaviour = () => {}
export const closes: Behaviour = ({ socket }) => socket.end()
export const resets: Behaviour = ({ socket }) => socket.resetAndDestroy()

/** Says that much, and closes. */
export function endsAfter(text: string): Behaviour {
  return ({ socket }) => socket.end(text, 'latin1')
}

/** Says that much, and resets the connection when it has gone out. */
export function resetsAfter(text: string): Behaviour {
  return ({ socket }) => void socket.write(text, 'latin1', () => socket.resetAndDestroy())
}

/** Says that much, and keeps the connection. */
export function says(text: string): Behaviour {
  return (connection) => {
    if (!answered.has(connection)) connection.socket.write(text, 'latin1')
    answered.add(connection)
  }
}

const answered = new WeakSet<Received>()

/** Each connection is served by the next one; all that follow by the last. */
export function inTurn(...behaviours: Behaviour[]): Behaviour {
  const order: Received[] = []
  return (connection, chunk) => {
    if (!order.includes(connection)) order.push(connection)
    const place = Math.min(order.indexOf(connection), behaviours.length - 1)
    behaviours[place](connection, chunk)
  }
}

/** Serves one request on each connection, and is gone when the next one comes. */
export const diesAtReuse: Behaviour = (connection, chunk) => {
  if (answered.has(connection)) connection.socket.destroy()
  else says(OK)(connection, chunk)
}

/** Well once, then out of order once, and so on. */
export function flaps(): Behaviour {
  let calls = 0
  const well = answering(OK)
  return (connection, chunk) => {
    if (calls++ % 2 === 0) well(connection, chunk)
    else connection.socket.destroy()
  }
}
