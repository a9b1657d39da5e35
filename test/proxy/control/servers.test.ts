import { expect, it } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'
import { useControl } from './scene.ts'

const scene = useControl()

it('changes weight and limit, and takes the limit away again', async () => {
  const { ask, proxy } = await scene().start()
  const change = { weight: 5, max: 7 }
  expect(await ask('PATCH', '/servers/b1', change)).toMatchObject({ status: 200, body: change })
  const [server] = proxy.proxy.balancer.servers
  expect(server).toMatchObject({ weight: 5, max: 7 })
  expect((await ask('PATCH', '/servers/b1', { max: null })).body).toMatchObject({ max: null })
  expect(server).toMatchObject({ weight: 5, max: Infinity })
})

it.each<[unknown, string]>([
  [{ weight: -3 }, 'weight must be at least 0, got -3'],
  [{ max: 0 }, 'max must be at least 1, got 0'],
  [{ state: 'down' }, 'state must be one of ready, drain, maint, got "down"'],
  [{ weigth: 1 }, 'weigth is not a key: did you mean weight?'],
  [[], 'the body must be a mapping, got []'],
])('refuses %j, says where and why, and changes nothing', async (body, problem) => {
  const { ask } = await scene().start()
  const before = await ask('GET', '/servers')
  expect(await ask('PATCH', '/servers/b1', body)).toMatchObject({
    status: 400,
    body: { error: 'bad_request', problems: [problem] },
  })
  expect((await ask('GET', '/servers')).body).toEqual(before.body)
})

it('takes JSON only, and of that not much', async () => {
  const { ask, url } = await scene().start()
  const send = (type: string, body: string): Promise<Response> =>
    fetch(`${url}/servers/b1`, { method: 'PATCH', headers: { 'content-type': type }, body })
  expect((await send('text/plain', '{"weight":1}')).status).toBe(415)
  expect((await send('application/jsonp', '{"weight":1}')).status).toBe(415)
  expect((await send('application/json', '{"weight":')).status).toBe(400)
  expect((await send('application/json', ' '.repeat(65_537))).status).toBe(413)
  expect((await send('application/json; charset=utf-8', '{"weight":9}')).status).toBe(200)
  expect((await ask('GET', '/servers/b1')).body).toMatchObject({ weight: 9 })
})

it('answers who sends too much before he has sent it all', async () => {
  const { url } = await scene().start()
  const client = await RawClient.connect(Number(new URL(url).port))
  const head = `PATCH /servers/b1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`
  client.send(`${head}Content-Length: 9000000\r\n\r\n${' '.repeat(70_000)}`)
  await client.receive('too_large')
  await client.untilClosed()
  expect(client.text).toMatch(/^HTTP\/1.1 413 [^]*Connection: close/)
})

it('changes only the state that a client has seen, if it names one', async () => {
  const { ask, proxy } = await scene().start()
  const seen = (await ask('GET', '/servers/b1')).headers.get('etag')!
  // Requests come and go: the tag is of what operators want.
  await fetch(proxy.url)
  const changed = await ask('PATCH', '/servers/b1', { weight: 3 }, { 'if-match': `"x", ${seen}` })
  expect(changed.status).toBe(200)
  const late = await ask('PATCH', '/servers/b1', { weight: 4 }, { 'if-match': seen })
  expect(late).toMatchObject({ status: 412, body: { error: 'changed_meanwhile' } })
  expect(late.headers.get('etag')).toBe(changed.headers.get('etag'))
  expect((await ask('GET', '/servers/b1')).body).toMatchObject({ weight: 3 })
  const any = await ask('PATCH', '/servers/b1', { weight: 4 }, { 'if-match': '*' })
  expect(any.status).toBe(200)
})

it('drains: no new requests, those under way end, and whoever waits hears of it', async () => {
  const { ask, backend, proxy } = await scene().start()
  await fetch(proxy.url)
  await fetch(proxy.url)
  backend.behaviour = () => {}
  const [server] = proxy.proxy.balancer.servers
  const slow = [fetch(proxy.url), fetch(proxy.url)]
  await backend.until(() => proxy.inflight === 2)
  const begun = await ask('PATCH', '/servers/b1', { state: 'drain' })
  expect(begun.body).toMatchObject({
    state: 'drain',
    status: 'draining',
    drain: { inFlight: 1, probablyEndsIn: expect.any(Number) as number },
  })
  expect(await ask('PATCH', '/servers/b1', { state: 'drain' }, {})).toMatchObject({ status: 200 })

  const waiting = ask('PATCH', '/servers/b1?wait=10s', { state: 'drain' })
  backend.behaviour = answering(OK)
  for (const { socket } of backend.connections) socket.write(OK)
  for (const each of slow) expect((await each).status).toBe(200)
  expect((await waiting).body).toMatchObject({ drain: { inFlight: 0, probablyEndsIn: 0 } })

  const picks = proxy.proxy.balancer.picksOf(server)
  for (let i = 0; i < 4; i++) expect((await fetch(proxy.url)).status).toBe(200)
  expect(proxy.proxy.balancer.picksOf(server)).toBe(picks)
  await ask('PATCH', '/servers/b1', { state: 'ready' })
  for (let i = 0; i < 4; i++) await fetch(proxy.url)
  expect(proxy.proxy.balancer.picksOf(server)).toBe(picks + 2)
})

it('waits no longer than asked', async () => {
  const { ask, backend, proxy } = await scene().start()
  backend.behaviour = () => {}
  const slow = fetch(proxy.url).catch(() => {})
  await backend.until(() => proxy.inflight === 1)
  const [id] = proxy.proxy.balancer.servers.filter(({ inflight }) => inflight > 0).map((s) => s.id)
  expect((await ask('PATCH', `/servers/${id}?wait=60ms`, { state: 'maint' })).body).toMatchObject({
    status: 'down',
    drain: { inFlight: 1, probablyEndsIn: null },
  })
  proxy.proxy.kill()
  await slow
})

it.each([
  ['PATCH', { state: 'drain' }, 404],
  ['DELETE', undefined, 204],
])('%s of a server that goes while the threads are asked', async (method, body, status) => {
  const { ask, backend, proxy } = await scene().start()
  const [server] = proxy.proxy.balancer.servers
  backend.behaviour = () => {}
  const slow = [fetch(proxy.url), fetch(proxy.url)]
  await backend.until(() => proxy.inflight === 2)
  const workAt = proxy.proxy.workAt.bind(proxy.proxy)
  proxy.proxy.workAt = async (asked) => {
    const work = await workAt(asked)
    proxy.proxy.servers.remove(asked)
    backend.behaviour = answering(OK)
    for (const { socket } of backend.connections) socket.write(OK)
    await Promise.all(slow)
    proxy.proxy.tick()
    return work
  }
  expect((await ask(method, '/servers/b1', body)).status).toBe(status)
  expect(server.slot).toBe(-1)
})

it.each([
  ['?wait=10', { state: 'drain' }, 'wait must be a duration with a unit like 500ms, 2s or 1m'],
  ['?wait=1h', { state: 'drain' }, 'wait must be'],
  ['?wait=11m', { state: 'drain' }, 'wait must be at most 10m, got "11m"'],
  ['?wait=1s', { weight: 1 }, 'wait goes with a server in drain or maint'],
  ['?wiat=1s', { state: 'drain' }, '"wiat" is not known in the query: did you mean wait?'],
])('refuses %s with %j', async (query, body, problem) => {
  const { ask } = await scene().start()
  const answer = await ask<{ problems: string[] }>('PATCH', `/servers/b1${query}`, body)
  expect(answer.status).toBe(400)
  expect(answer.body.problems[0]).toContain(problem)
  expect((await ask('GET', '/servers/b1')).body).toMatchObject({ state: 'ready' })
})
