import { expect, test } from 'vitest'
import { TestProxy } from '../../support/proxy.ts'
import { useScene } from '../../support/scene.ts'
import { type Behaviour, OK, RecordingBackend } from '../../support/recording-backend.ts'

const scene = useScene()

const health = { path: '/health', interval: 2000, timeout: 1000, fall: 3, rise: 2 }
const BAD = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'

async function watched(
  behaviour: Behaviour,
): Promise<{ proxy: TestProxy; backend: RecordingBackend }> {
  return scene.pair({ health }, behaviour)
}

/** Moves time until the next check has begun, and lets it end. */
async function nextCheck({
  proxy,
  backend,
}: {
  proxy: TestProxy
  backend: RecordingBackend
}): Promise<number> {
  const before = backend.connections.length
  let waited = 0
  while (backend.connections.length === before) {
    proxy.advance(100)
    waited += 100
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  return waited
}

test('the path is asked for on a connection of its own, about every interval', async () => {
  const pair = await watched(({ socket }) => socket.write(OK))
  await nextCheck(pair)
  for (let i = 0; i < 5; i++) {
    const waited = await nextCheck(pair)
    expect(waited).toBeGreaterThanOrEqual(1800)
    expect(waited).toBeLessThanOrEqual(2300)
  }
  expect(pair.backend.text).toMatch(/^GET \/health HTTP\/1\.1\r\n/)
  expect(pair.proxy.proxy.balancer.servers[0].state).toBe('up')
})

test('checks have jitter: intervals differ, so that many proxies do not ask at the same time', async () => {
  const pair = await watched(({ socket }) => socket.write(OK))
  const waits = new Set<number>()
  for (let i = 0; i < 8; i++) waits.add(await nextCheck(pair))
  expect(waits.size).toBeGreaterThan(2)
})

test.each([
  [200, 'up'],
  [204, 'up'],
  [302, 'up'],
  [399, 'up'],
  [404, 'down'],
  [500, 'down'],
])('a check that is answered with %i finds the server %s', async (status, state) => {
  const pair = await watched(({ socket }) => {
    socket.write(`HTTP/1.1 ${status} As It Is\r\nContent-Length: 0\r\n\r\n`)
  })
  for (let i = 0; i < 3; i++) await nextCheck(pair)
  expect(pair.proxy.proxy.balancer.servers[0].state).toBe(state)
})

test('three failed checks take a server down, with the reason; two passed ones bring it back', async () => {
  const pair = await watched(({ socket }) => socket.write(BAD))
  const [server] = pair.proxy.proxy.balancer.servers
  for (const state of ['up', 'up', 'down']) {
    await nextCheck(pair)
    expect(server.state).toBe(state)
  }
  expect(server.reason).toBe('check answered 503')
  pair.backend.behaviour = ({ socket }) => socket.write(OK)
  await nextCheck(pair)
  expect(server.state).toBe('down')
  await nextCheck(pair)
  expect(server.state).toBe('up')
  expect(server.reason).toBe('2 checks passed')
})

test('one failed check in between changes nothing, and doubt makes the next ones come quickly', async () => {
  const pair = await watched(({ socket }) => socket.write(OK))
  const [server] = pair.proxy.proxy.balancer.servers
  await nextCheck(pair)
  pair.backend.behaviour = ({ socket }) => socket.write(BAD)
  await nextCheck(pair)
  pair.backend.behaviour = ({ socket }) => socket.write(OK)
  expect(await nextCheck(pair)).toBeLessThanOrEqual(400)
  expect(server.state).toBe('up')
  expect(await nextCheck(pair)).toBeGreaterThanOrEqual(1800)
})

test('a check that gets no answer within its timeout has failed', async () => {
  const pair = await watched(() => {})
  const { backend, proxy } = pair
  for (let i = 1; i <= 3; i++) {
    while (backend.connections.length < i) {
      proxy.advance(100)
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    await backend.until(() => backend.connections[i - 1].text !== '')
    proxy.advance(1100)
    await backend.until(() => backend.connections[i - 1].socket.destroyed)
  }
  expect(proxy.proxy.balancer.servers[0]).toMatchObject({
    state: 'down',
    reason: 'check timed out',
  })
})

test('a failed request has the server checked at once', async () => {
  const pair = await watched(({ socket, text }) => {
    if (text.startsWith('GET /health')) socket.write(OK)
    else socket.destroy()
  })
  await nextCheck(pair)
  const before = pair.backend.connections.length
  const answer = await fetch(pair.proxy.url)
  expect(answer.status).toBe(502)
  pair.proxy.advance(100)
  await pair.backend.until(() =>
    pair.backend.connections.slice(before).some(({ text }) => text.startsWith('GET /health')),
  )
})
