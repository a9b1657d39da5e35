import { once } from 'node:events'
import { expect, it } from 'vitest'
import { Authority } from '../../support/certificates.ts'
import { answering, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useControl } from './scene.ts'

const authority = await Authority.start()
const certificate = await authority.issue(['127.0.0.1'])
const ca = authority.own.certFile
const scene = useControl()

it('adds a server by its URL alone, and requests go there', async () => {
  const { ask, proxy } = await scene().start()
  await using other = await another()
  const added = await ask('POST', '/servers', other.backend.url)
  expect(added.status).toBe(201)
  expect(added.headers.get('location')).toBe('/servers/b3')
  expect(added.body).toMatchObject({ id: 'b3', url: other.backend.url, weight: 1, max: null })
  for (let i = 0; i < 3; i++) expect((await fetch(proxy.url)).status).toBe(200)
  expect(other.backend.connections.length).toBe(1)
  const stats = (await (await fetch(`${proxy.url}/lb/stats`)).json()) as {
    servers: { id: string; total: { requests: number } }[]
  }
  expect(stats.servers.map(({ id, total }) => [id, total.requests])).toEqual([
    ['b1', 1],
    ['b2', 1],
    ['b3', 1],
  ])
})

it('lets checks find a new server well first', async () => {
  const health = { path: '/health', interval: 2000, timeout: 1000, fall: 3, rise: 2 }
  const { ask, backend, proxy } = await scene().start({ health })
  const given = { id: 'spare', url: backend.url, weight: 3, max: 9, backup: true }
  expect(await ask('POST', '/servers', given)).toMatchObject({
    status: 201,
    body: { ...given, status: 'checking' },
  })
  const server = proxy.proxy.balancer.servers[2]
  while (!server.healthy) {
    proxy.advance(100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(server.state).toBe('up')
})

it.each<[unknown, number, string]>([
  ['ftp://a', 400, 'url must be an origin like http://127.0.0.1:9001, got "ftp://a"'],
  [{ url: 'http://a', wieght: 1 }, 400, 'wieght is not a key: did you mean weight?'],
  [{ weight: 1 }, 400, 'url is required'],
  [{ id: 'b1', url: 'http://a' }, 409, 'there is already a server "b1"'],
])('refuses %j', async (body, status, problem) => {
  const { ask, proxy } = await scene().start()
  const answer = await ask<{ problems: string[] }>('POST', '/servers', body)
  expect(answer.status).toBe(status)
  expect(answer.body.problems[0]).toContain(problem)
  expect(proxy.proxy.balancer.servers).toHaveLength(2)
})

it('drains a server before it goes, and lets its last request end', async () => {
  const { ask, backend, proxy } = await scene().start()
  backend.behaviour = () => {}
  const slow = fetch(proxy.url)
  await backend.until(() => proxy.inflight === 1)
  const busy = proxy.proxy.balancer.servers.find(({ inflight }) => inflight === 1)!
  const waiting = ask('DELETE', `/servers/${busy.id}?wait=10s`)
  // The request of somebody who waits has to have come before the server goes.
  while (busy.admin !== 'drain') await new Promise((resolve) => setImmediate(resolve))
  expect(await ask('DELETE', `/servers/${busy.id}`)).toMatchObject({
    status: 202,
    body: { state: 'drain', drain: { inFlight: 1, probablyEndsIn: null } },
  })
  expect(proxy.proxy.balancer.servers).toContain(busy)
  backend.behaviour = answering(OK)
  backend.connections[0].socket.write(OK)
  expect((await slow).status).toBe(200)
  expect((await waiting).status).toBe(204)
  expect((await ask('GET', `/servers/${busy.id}`)).status).toBe(404)
  proxy.advance(100)
  expect((await fetch(proxy.url)).status).toBe(200)
})

it('lets a server stay that is wanted again before it has gone', async () => {
  const { ask, backend, proxy } = await scene().start()
  backend.behaviour = () => {}
  const slow = fetch(proxy.url)
  await backend.until(() => proxy.inflight === 1)
  const busy = proxy.proxy.balancer.servers.find(({ inflight }) => inflight === 1)!
  const waiting = ask('DELETE', `/servers/${busy.id}?wait=10s`)
  while (busy.admin !== 'drain') await new Promise((resolve) => setImmediate(resolve))
  expect((await ask('PATCH', `/servers/${busy.id}`, { state: 'ready' })).status).toBe(200)
  expect((await waiting).status).toBe(202)
  backend.connections[0].socket.write(OK)
  expect((await slow).status).toBe(200)
  expect(proxy.proxy.balancer.servers).toContain(busy)
})

it('forgets that a server was to go when it is wanted again, also if it is drained right after', async () => {
  const { ask, backend, proxy } = await scene().start()
  backend.behaviour = () => {}
  const slow = fetch(proxy.url)
  await backend.until(() => proxy.inflight === 1)
  const busy = proxy.proxy.balancer.servers.find(({ inflight }) => inflight === 1)!
  expect((await ask('DELETE', `/servers/${busy.id}`)).status).toBe(202)
  // Both before anybody has looked whether its last request has ended.
  const [ready, drain] = await Promise.all([
    ask('PATCH', `/servers/${busy.id}`, { state: 'ready' }),
    ask('PATCH', `/servers/${busy.id}`, { state: 'drain' }),
  ])
  expect([ready.status, drain.status]).toEqual([200, 200])
  const waiting = ask('PATCH', `/servers/${busy.id}?wait=10s`, { state: 'drain' })
  backend.connections[0].socket.write(OK)
  expect((await slow).status).toBe(200)
  expect((await waiting).status).toBe(200)
  expect(proxy.proxy.balancer.servers).toContain(busy)
})

it('takes a server out at once if told to, and still lets its requests end', async () => {
  const { ask, backend, proxy } = await scene().start()
  backend.behaviour = () => {}
  const slow = fetch(proxy.url)
  await backend.until(() => proxy.inflight === 1)
  const busy = proxy.proxy.balancer.servers.find(({ inflight }) => inflight === 1)!
  expect((await ask('DELETE', `/servers/${busy.id}?now`)).status).toBe(204)
  expect(proxy.proxy.balancer.servers).not.toContain(busy)
  // Another of the same id is another server.
  const { url } = backend
  expect((await ask('POST', '/servers', { id: busy.id, url })).status).toBe(201)
  proxy.advance(100)
  expect(busy.inflight).toBe(1)
  backend.behaviour = answering(OK)
  backend.connections[0].socket.write(OK)
  expect((await slow).status).toBe(200)
  expect(busy.slot).toBe(-1)
  const closed = once(backend.connections[0].socket, 'close')
  proxy.advance(100)
  await closed
  for (let i = 0; i < 4; i++) expect((await fetch(proxy.url)).status).toBe(200)
})

async function another(): Promise<{ backend: RecordingBackend } & AsyncDisposable> {
  const backend = await RecordingBackend.start()
  return { backend, [Symbol.asyncDispose]: () => backend.stop() }
}

it('adds a server behind TLS; files are for those who have shown a token', async () => {
  const { cert, key } = certificate
  const backend = await RecordingBackend.start(answering(OK), 0, { cert, key })
  const token = 'a token of sixteen letters'.replaceAll(' ', '-')
  const { ask, proxy } = await scene().start({}, { token })
  const headers = { authorization: `Bearer ${token}` }
  const secure = { url: backend.url, tls: { ca }, http2: false }
  expect((await ask('POST', '/servers', secure, headers)).status).toBe(201)
  for (let i = 0; i < 3; i++) expect((await fetch(proxy.url)).status).toBe(200)
  expect(backend.text).toContain('GET / HTTP/1.1')
  await backend.stop()

  const wrong = { ...secure, tls: { ca: '/no/such/file' } }
  expect(await ask('POST', '/servers', wrong, headers)).toMatchObject({
    status: 400,
    body: { problems: ['tls.ca cannot be read: no such file, got "/no/such/file"'] },
  })
  const relative = { ...secure, tls: { ca: 'ca.pem' } }
  expect(await ask('POST', '/servers', relative, headers)).toMatchObject({
    status: 400,
    body: { problems: ['tls.ca must be an absolute path, got "ca.pem"'] },
  })
})

it('reads no file for somebody without a token', async () => {
  const { ask } = await scene().start()
  const secure = { url: 'https://127.0.0.1:9001', tls: { ca } }
  expect(await ask('POST', '/servers', secure)).toMatchObject({
    status: 403,
    body: { error: 'files_need_a_token' },
  })
  const trusting = { ...secure, tls: { verify: false, servername: 'app.test' } }
  expect((await ask('POST', '/servers', trusting)).status).toBe(201)
})
