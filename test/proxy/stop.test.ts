import { expect, test } from 'vitest'
import { useScene } from '../support/scene.ts'
import { RawClient } from '../support/raw-client.ts'
import { answering, OK } from '../support/recording-backend.ts'

/** Section 7. */
const scene = useScene()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('a request in flight is answered, and told that its connection ends', async () => {
  const { proxy, backend } = await scene.pair()
  backend.behaviour = () => {}
  const client = await RawClient.connect(proxy.port)
  client.send(GET)
  await backend.until(() => backend.text !== '')
  const stopped = proxy.proxy.stop()
  backend.connections[0].socket.write(OK)
  await client.untilClosed()
  expect(client.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n[^]*ok$/)
  await stopped
})

test('nobody new is let in', async () => {
  const { proxy, backend } = await scene.pair()
  const idle = await RawClient.connect(proxy.port)
  idle.send(GET)
  await idle.receive('ok')
  const stopped = proxy.proxy.stop()
  await expect(RawClient.connect(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  proxy.advance(1200)
  await stopped
  expect(backend.connections).toHaveLength(1)
})

test('/lb/ready says 503 on a connection that is still open, while a request that arrives on one is served', async () => {
  const { proxy } = await scene.pair()
  const [first, second] = [await RawClient.connect(proxy.port), await RawClient.connect(proxy.port)]
  for (const client of [first, second]) {
    client.send('GET /lb/ready HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.receive('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  }
  const stopped = proxy.proxy.stop()
  first.send('GET /lb/ready HTTP/1.1\r\nHost: a\r\n\r\n')
  second.send(GET)
  await Promise.all([first.untilClosed(), second.untilClosed()])
  expect(first.text).toMatch(/HTTP\/1\.1 503 [^]*\r\nConnection: close\r\n/)
  expect(second.text).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*\r\nConnection: close\r\n[^]*ok$/)
  await stopped
})

test('idle connections are closed after a second, so that stopping does not wait for them', async () => {
  const { proxy } = await scene.pair()
  const idle = await RawClient.connect(proxy.port)
  idle.send(GET)
  await idle.receive('ok')
  const stopped = proxy.proxy.stop()
  proxy.advance(900)
  expect(idle.closed).toBe(false)
  proxy.advance(300)
  await idle.untilClosed()
  await stopped
})

test('what has not ended within the grace is told so, and logged', async () => {
  const { proxy, backend } = await scene.pair({ timeouts: { stop: 5000 } })
  backend.behaviour = () => {}
  const client = await RawClient.connect(proxy.port)
  client.send(GET)
  await backend.until(() => backend.text !== '')
  const stopped = proxy.proxy.stop()
  proxy.advance(5200)
  await client.untilClosed()
  await stopped
  expect(client.text).toMatch(/^HTTP\/1\.1 503 [^]*"stopping"/)
  expect(proxy.inflight).toBe(0)
})

test('an event stream does not keep the proxy from stopping', async () => {
  const { proxy } = await scene.pair()
  const viewer = await RawClient.connect(proxy.port)
  viewer.send('GET /lb/events HTTP/1.1\r\nHost: a\r\n\r\n')
  await viewer.receive('text/event-stream')
  const stopped = proxy.proxy.stop()
  proxy.advance(1200)
  await viewer.untilClosed()
  await stopped
})

test('200 requests in flight are all answered', async () => {
  const { proxy, backend } = await scene.pair()
  backend.behaviour = () => {}
  const clients = await Promise.all(
    Array.from({ length: 200 }, () => RawClient.connect(proxy.port)),
  )
  for (const client of clients) client.send(GET)
  await backend.until(() => backend.connections.filter(({ text }) => text !== '').length === 200)
  const stopped = proxy.proxy.stop()
  backend.behaviour = answering(OK)
  for (const { socket } of backend.connections) socket.write(OK)
  await Promise.all(clients.map((client) => client.untilClosed()))
  for (const { text } of clients) expect(text).toMatch(/^HTTP\/1\.1 200 [^]*ok$/)
  await stopped
  expect(proxy.inflight).toBe(0)
})

const READY = 'GET /lb/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

test('with timeouts.notice it says that it is not ready, and lets everybody in until that is over', async () => {
  const { proxy } = await scene.pair({ timeouts: { notice: 5000, stop: 30_000 } })
  const kept = await RawClient.connect(proxy.port)
  const stopped = proxy.proxy.stop()
  proxy.advance(4900)
  expect(await RawClient.exchange(proxy.port, READY)).toMatch(/^HTTP\/1\.1 503 [^]*stopping/)
  kept.send(GET)
  expect(await kept.receive('ok')).not.toMatch(/connection: close/i)
  proxy.advance(200)
  await scene.until(() => proxy.proxy.listener.connections.open === 1)
  await expect(RawClient.connect(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  kept.send(GET)
  await kept.untilClosed()
  expect(kept.text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
  expect(kept.text).toMatch(/\r\nConnection: close\r\n[^]*ok$/)
  await stopped
})

test('who is told to end at once does not wait for timeouts.notice', async () => {
  const { proxy } = await scene.pair({ timeouts: { notice: 5000 } })
  const stopped = proxy.proxy.stop()
  proxy.proxy.kill()
  await stopped
  await expect(RawClient.connect(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
