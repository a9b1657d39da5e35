import { describe, expect, test } from 'vitest'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { type RawH2Connection, RawH2Server } from '../../support/raw-h2-server.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'

type Behaviour = (connection: RawH2Connection, stream: number) => void

const fine: Behaviour = (connection, stream) => {
  connection.headers(stream, [':status', '200', 'content-length', '2'])
  connection.data(stream, 'ok', true)
}

async function serving(behaviour: Behaviour): Promise<RawH2Server> {
  const server = await RawH2Server.start(behaviour)
  scene.atEnd(() => server.stop())
  return server
}

async function before(
  servers: readonly RawH2Server[],
  settings: Partial<TestSettings> = {},
): Promise<TestProxy> {
  return scene.proxy({ servers: servers.map(({ url }) => url), ...settings })
}

function send(proxy: TestProxy): Promise<string> {
  return RawClient.exchange(proxy.port, `${GET}Connection: close\r\n\r\n`)
}

describe('proxy-behaviour 3, timeouts: a connection of HTTP/2 where requests got no answer', () => {
  test('is asked once for all of them whether it lives, and used again when it has said so', async () => {
    const server = await serving((connection, stream) => {
      if (stream > 3) fine(connection, stream)
    })
    const proxy = await before([server], {
      timeouts: { response: 1000 },
      retries: { attempts: 0 },
    })
    const late = [send(proxy)]
    await scene.until(() => server.count === 1)
    late.push(send(proxy))
    await scene.until(() => server.count === 2)
    const [connection] = server.connections
    proxy.advance(1100)
    for (const each of late) expect(await each).toMatch(/^HTTP\/1\.1 504 /)
    await scene.until(() => connection.pings.length > 0)
    expect(connection.pings).toHaveLength(1)
    const next = send(proxy)
    connection.pong()
    expect(await next).toMatch(/ 200 /)
    await scene.until(() => connection.pings.length === 0)
    for (let i = 0; i < 3 && !connection.streams.includes(5); i++) await send(proxy)
    expect(connection.streams).toContain(5)
  })
})

describe('what a server says before its answer, or before the end of it', () => {
  test('is kept from the client where it is 100, which nobody asked for', async () => {
    const server = await serving((connection, stream) => {
      connection.headers(stream, [':status', '100'])
      fine(connection, stream)
    })
    const answer = await send(await before([server]))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('goes to the client at once where it is all of the body, and the end comes later', async () => {
    let end = (): void => {}
    const server = await serving((connection, stream) => {
      connection.headers(stream, [':status', '200', 'content-length', '2'])
      connection.data(stream, 'ok')
      end = () => connection.data(stream, '', true)
    })
    const proxy = await before([server])
    const client = await RawClient.connect(proxy.port)
    client.send(`${GET}\r\n`)
    expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.inflight).toBe(1)
    end()
    await scene.until(() => proxy.inflight === 0)
    client.leave()
  })
})
