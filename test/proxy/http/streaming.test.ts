import { expect, test } from 'vitest'
import { useScene } from '../../support/scene.ts'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'

/** Section 4: streaming both ways with back-pressure. What stands still on one side must stop the other. */
const scene = useScene()

/** Resolves when the number has not changed over many turns of the event loop. */
async function settles(read: () => number): Promise<number> {
  let value = -1
  while (read() !== value) {
    value = read()
    for (let i = 0; i < 300; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  return value
}

const SIZE = 200 << 20
/** What system buffers and ours may hold on the way; far below the body. */
const HELD = 32 << 20

test('a backend that does not read an upload stops the client, and reading again lets it all through', async () => {
  let received = 0
  const { proxy, backend } = await scene.pair({}, (connection, chunk) => {
    if (received === 0) connection.socket.pause()
    received += chunk.length
    connection.text = '' // Nobody keeps 200 MiB.
    if (received >= SIZE) connection.socket.write(OK)
  })
  const client = await RawClient.connect(proxy.port)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${SIZE}\r\n\r\n`)
  const chunk = Buffer.alloc(1 << 20, 'x')
  let sent = 0
  const more = (): void => {
    while (sent < SIZE) {
      sent += chunk.length
      if (!client.socket.write(chunk)) return
    }
  }
  client.socket.on('drain', more)
  more()
  await backend.until(() => received > 0)
  expect(await settles(() => sent)).toBeLessThan(HELD)
  const { socket } = backend.connections[0]
  socket.resume()
  await client.receive('\r\n\r\nok')
  expect(received).toBeGreaterThanOrEqual(SIZE)
  client.leave()
})

test('a client that does not read a download stops the backend, and reading again lets it all through', async () => {
  let sent = 0
  const chunk = Buffer.alloc(1 << 20, 'x')
  const { proxy, backend } = await scene.pair({}, ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`)
    const more = (): void => {
      while (sent < SIZE) {
        sent += chunk.length
        if (!socket.write(chunk)) return
      }
    }
    socket.on('drain', more)
    more()
  })
  const client = await RawClient.connect(proxy.port)
  client.socket.pause()
  client.socket.removeAllListeners('data')
  let received = 0
  client.socket.on('data', (part) => {
    received += part.length
  })
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await backend.until(() => sent > 0)
  expect(await settles(() => sent)).toBeLessThan(HELD)
  client.socket.resume()
  await client.untilClosed()
  expect(received).toBeGreaterThan(SIZE)
  expect(proxy.proxy.series.total().requests.outcomes.ok).toBe(1)
})

test('a chunked upload goes through in pieces, as they come', async () => {
  const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
    if (text.endsWith('0\r\n\r\n')) socket.write(OK)
  })
  const client = await RawClient.connect(proxy.port)
  client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  await backend.until(() => backend.text.includes('hello'))
  client.send('6\r\n world\r\n0\r\n\r\n')
  await client.receive('\r\n\r\nok')
  expect(backend.text).toMatch(
    /transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n$/,
  )
  client.leave()
})
