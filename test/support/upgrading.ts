import type { Behaviour } from './recording-backend.ts'

/** The handshake of RFC 6455, section 1.2, and its answer. */
export const HANDSHAKE = handshake('/')
export const ACCEPTED = accepted('websocket')

export function handshake(target: string, more?: string): string {
  return (
    `GET ${target} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
    `${more === undefined ? '' : `${more}\r\n`}\r\n`
  )
}

function accepted(protocol: string): string {
  return (
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${protocol}\r\nConnection: Upgrade\r\n` +
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
  )
}

/** Changes to that protocol at the end of the head, and sends back what comes then. */
export function switching(protocol = 'websocket'): Behaviour {
  return ({ socket, text }, chunk) => {
    const end = text.indexOf('\r\n\r\n') + 4
    if (end < 4) return
    const before = text.length - chunk.length
    if (before < end) socket.write(accepted(protocol))
    const echo = chunk.subarray(Math.max(0, end - before))
    if (echo.length > 0) socket.write(echo)
  }
}
