import { expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { numbers, type RawH2Connection, RawH2Server } from '../../support/raw-h2-server.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const SETTINGS = 4

function fine(connection: RawH2Connection, stream: number): void {
  connection.headers(stream, [':status', '200', 'content-length', '2'])
  connection.data(stream, 'ok', true)
}

test('section 8: the free retry goes to a fresh connection, also where several have gone stale', async () => {
  const [MAX_CONCURRENT_STREAMS, ONE] = [Buffer.of(0, 3), numbers(1)]
  const held: (() => void)[] = []
  const server = await RawH2Server.start(
    (connection, stream) => {
      if (stream > 1) connection.socket.destroy()
      else if (held.length === 3) fine(connection, stream)
      else if (held.push(() => fine(connection, stream)) === 3) for (const answer of held) answer()
    },
    (connection) => connection.frame(SETTINGS, 0, 0, Buffer.concat([MAX_CONCURRENT_STREAMS, ONE])),
  )
  scene.atEnd(() => server.stop())
  const retries = { budget: 0, minPerSecond: 0 }
  const proxy = await scene.proxy({ servers: [server.url], retries })
  const send = (): Promise<string> => RawClient.exchange(proxy.port, GET)
  await Promise.all([send(), send(), send()])
  expect(server.connections).toHaveLength(3)
  for (let i = 0; i < 8; i++) expect(await send()).toMatch(/ 200 /)
})
