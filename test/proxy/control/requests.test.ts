import { describe, expect, test } from 'vitest'
import type { RequestStory, RequestSummary } from '../../../proxy/http/kept-request.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { type ControlScene, useControl } from './scene.ts'

const scene = useControl()
const backends = useScene()

interface List {
  requests: RequestSummary[]
}

async function get(control: ControlScene, id: string, more = ''): Promise<string> {
  const fields = `Host: a\r\nX-Request-Id: ${id}\r\nConnection: close\r\n${more}\r\n`
  return RawClient.exchange(control.proxy.port, `GET /${id} HTTP/1.1\r\n${fields}`)
}

async function explain(control: ControlScene, id: string): Promise<RequestStory> {
  const { body, status } = await control.ask<RequestStory>('GET', `/requests/${id}/explain`)
  expect(status).toBe(200)
  return body
}

describe('the explain ring: GET /requests/{id}/explain', () => {
  test('says who could have got the request, with scores, who could not and why, and what came of it', async () => {
    const control = await scene().start({ strategy: 'least_connections' })
    await control.ask('POST', '/servers', { url: control.backend.url, max: 1 })
    await control.ask('PATCH', '/servers/b2', { state: 'drain' })
    await get(control, 'r-1')
    const story = await explain(control, 'r-1')
    expect(story).toMatchObject({
      id: 'r-1',
      method: 'GET',
      target: '/r-1',
      status: 200,
      outcome: 'ok',
      end: 'ok',
      waited: null,
      attemptsNotKept: 0,
    })
    const [{ decision, ...attempt }] = story.attempts
    expect(attempt).toMatchObject({
      server: story.server,
      hedge: false,
      outcome: 'ok',
      retry: null,
    })
    for (const time of [attempt.start, attempt.connect, attempt.firstByte, attempt.total]) {
      expect(time).toBeGreaterThanOrEqual(0)
    }
    expect(decision).toMatchObject({
      strategy: 'least_connections',
      by: null,
      manner: 'strategy',
      why: 'the lowest score; of those who tie one of them at random, by weight',
      attempt: 0,
      panic: false,
      chosen: story.server,
      score: { meaning: 'requests in flight / weight', best: 'lowest' },
      excluded: [{ server: 'b2', reason: 'draining' }],
      notKept: 0,
    })
    expect(decision!.candidates).toMatchObject([
      { server: 'b1', inFlight: 0, weight: 2, score: 0, mark: 'tied' },
      { server: 'b3', inFlight: 0, weight: 1, score: 0, mark: 'tied' },
    ])
  })

  test('is of the moment of the pick: what happens to a server afterwards changes nothing of it', async () => {
    const control = await scene().start()
    await get(control, 'r-1')
    const before = await explain(control, 'r-1')
    await control.ask('PATCH', '/servers/b1', { weight: 7 })
    await control.ask('DELETE', '/servers/b2?now')
    await get(control, 'r-2')
    // The time of day goes by what is known of the system's clock when it is told.
    expect(await explain(control, 'r-1')).toEqual({ ...before, time: expect.any(String) as string })
    const [{ decision }] = (await explain(control, 'r-2')).attempts
    expect(decision!.candidates).toMatchObject([{ server: 'b1', weight: 7, chosen: true }])
    expect(decision!.why).toBe('the only server that could get it')
  })

  test('a second try: why it was made, who was not asked again, and when a try is the last', async () => {
    const dead = await backends.deadUrl()
    const { url } = await backends.backend()
    const control = await scene().start({ servers: [dead, url], strategy: 'round_robin', seed: 3 })
    for (const id of ['a', 'b']) await get(control, id)
    const stories = [await explain(control, 'a'), await explain(control, 'b')]
    const { attempts } = stories.find(({ attempts }) => attempts.length === 2)!
    expect(attempts[0]).toMatchObject({ server: 'b1', outcome: 'refused', connect: null })
    expect(attempts[0].retry).toEqual({
      verdict: 'again',
      why: 'tried again, which is allowed for this method and what was sent, and paid from the budget',
    })
    expect(attempts[1]).toMatchObject({ server: 'b2', outcome: 'ok', retry: null })
    expect(attempts[1].decision).toMatchObject({
      manner: 'retry',
      attempt: 1,
      excluded: [{ server: 'b1', reason: 'tried' }],
    })
    const alone = await scene().start({ servers: [dead] })
    await get(alone, 'c')
    const last = (await explain(alone, 'c')).attempts.at(-1)!
    expect(last.retry!.verdict).toBe('exhausted')
  })

  test('one that no server could get: who could not, and why', async () => {
    const control = await scene().start()
    await control.ask('PATCH', '/servers/b1', { state: 'maint' })
    await control.ask('PATCH', '/servers/b2', { state: 'drain' })
    expect(await get(control, 'none')).toMatch(/ 503 [^]*no_server/)
    const { attempts, turnedAway } = await explain(control, 'none')
    expect(attempts).toEqual([])
    expect(turnedAway).toMatchObject({
      manner: 'nobody',
      why: 'nobody could get it: see who is excluded, and why',
      chosen: null,
      candidates: [],
      excluded: [
        { server: 'b1', reason: 'maint' },
        { server: 'b2', reason: 'draining' },
      ],
    })
    await control.ask('PATCH', '/servers/b1', { state: 'ready' })
    await get(control, 'some')
    expect((await explain(control, 'some')).turnedAway).toBe(null)
  })

  test('with more attempts than are kept: the first eight, and how many there were', async () => {
    const servers = [await backends.deadUrl()]
    const retries = { attempts: 10, minPerSecond: 100 }
    const control = await scene().start({ servers, retries, explain: { size: 1 } })
    expect(await get(control, 'many')).toMatch(/ 502 /)
    const many = await explain(control, 'many')
    expect([many.attempts.length, many.attemptsNotKept]).toEqual([8, 3])
    // And whatever takes its place shows nothing of it.
    for (const id of ['none', 'neither']) {
      await control.ask('PATCH', '/servers/b1', { state: 'maint' })
      expect(await get(control, id)).toMatch(/ 503 /)
      const { attempts, attemptsNotKept, turnedAway } = await explain(control, id)
      expect([attempts, attemptsNotKept]).toEqual([[], 0])
      expect(turnedAway).toMatchObject({ excluded: [{ server: 'b1', reason: 'maint' }] })
    }
  })

  test('one that waited in vain: who was full', async () => {
    const backend = await backends.backend(() => {})
    const queue = { length: 1, timeout: 150 }
    const servers = [{ url: backend.url, max: 1 }]
    const control = await scene().start({ servers, queue })
    const clients = [await RawClient.connect(control.proxy.port)]
    clients[0].send('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
    await backend.until(() => backend.text.includes('/held'))
    const late = get(control, 'late')
    await expect.poll(() => control.proxy.proxy.line.length).toBe(1)
    control.proxy.advance(150)
    expect(await late).toMatch(/ 503 [^]*queue_timeout/)
    const { turnedAway, waited } = await explain(control, 'late')
    expect(waited).toBe(150)
    expect(turnedAway).toMatchObject({ excluded: [{ server: 'b1', reason: 'full' }] })
    clients[0].leave()
  })

  test('one that waited says how long; one under way can be explained already', async () => {
    const held: (() => void)[] = []
    const backend = await backends.backend(({ socket }) => {
      held.push(() =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'),
      )
    })
    const control = await scene().start({ servers: [{ url: backend.url, max: 1 }] })
    const first = get(control, 'first')
    await backend.until(() => held.length === 1)
    const second = get(control, 'second')
    await expect.poll(() => control.proxy.proxy.line.length).toBe(1)
    expect(await explain(control, 'first')).toMatchObject({
      outcome: null,
      end: null,
      status: null,
      attempts: [{ server: 'b1', outcome: null, total: null }],
    })
    expect(await explain(control, 'second')).toMatchObject({ outcome: null, attempts: [] })
    control.proxy.advance(250)
    held[0]()
    await first
    await backend.until(() => held.length === 2)
    held[1]()
    await second
    expect(await explain(control, 'second')).toMatchObject({ outcome: 'ok', waited: 250 })
    expect((await explain(control, 'first')).waited).toBeNull()
  })

  test('one that nobody could take has no attempt, and says why it ended', async () => {
    const control = await scene().start()
    for (const id of ['b1', 'b2']) await control.ask('PATCH', `/servers/${id}`, { state: 'maint' })
    await get(control, 'r-1')
    expect(await explain(control, 'r-1')).toMatchObject({
      status: 503,
      end: 'no_server',
      server: null,
      attempts: [],
    })
  })

  test('panic is told, and so is what it ignored', async () => {
    const control = await scene().start({ panic: 0.9 })
    const { balancer } = control.proxy.proxy
    balancer.setHealthy(balancer.servers[0], false, 'connect refused')
    await get(control, 'r-1')
    const [{ decision }] = (await explain(control, 'r-1')).attempts
    expect(decision).toMatchObject({ panic: true, excluded: [] })
  })

  test('a strange id is found as it was sent; an unknown one is 404', async () => {
    const control = await scene().start()
    const long = 'x'.repeat(3000)
    await get(control, long)
    expect((await explain(control, long)).id).toBe('x'.repeat(200))
    await RawClient.exchange(
      control.proxy.port,
      'GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: a/b?c d\r\nConnection: close\r\n\r\n',
    )
    expect((await explain(control, encodeURIComponent('a/b?c d'))).id).toBe('a/b?c d')
    const { body, status } = await control.ask('GET', '/requests/none/explain')
    expect([status, body['error']]).toEqual([404, 'no_such_request'])
  })
})

describe('the explain ring: GET /requests', () => {
  test('lists the latest first, by server, by outcome, and up to a limit', async () => {
    const dead = await backends.deadUrl()
    const { url } = await backends.backend()
    const servers = [dead, url]
    const retries = { attempts: 0 }
    const control = await scene().start({ servers, strategy: 'round_robin', retries })
    for (const id of ['a', 'b', 'c', 'd']) await get(control, id)
    const list = async (query = ''): Promise<string[]> => {
      const { body } = await control.ask<List>('GET', `/requests${query}`)
      return body.requests.map(({ id }) => id)
    }
    expect(await list()).toEqual(['d', 'c', 'b', 'a'])
    expect(await list('?limit=2')).toEqual(['d', 'c'])
    const [good, bad] = [await list('?server=b2'), await list('?outcome=refused')]
    expect([...good, ...bad].toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(await list('?server=b1')).toEqual(bad)
    expect(await list('?server=b1&outcome=ok')).toEqual([])
    expect(await list('?outcome=pending')).toEqual([])
  })

  test('lists those under way as pending', async () => {
    const backend = await backends.backend(() => {})
    const control = await scene().start({ servers: [backend.url] })
    const client = await RawClient.connect(control.proxy.port)
    client.send('GET /held HTTP/1.1\r\nHost: a\r\nX-Request-Id: held\r\n\r\n')
    await backend.until(() => backend.text.includes('/held'))
    const { body } = await control.ask<List>('GET', '/requests?outcome=pending')
    expect(body.requests).toMatchObject([{ id: 'held', outcome: null, end: null, status: null }])
    client.leave()
  })

  test('says what is wrong with a question', async () => {
    const control = await scene().start()
    const { body, status } = await control.ask('GET', '/requests?limit=0&outcome=good')
    expect(status).toBe(400)
    expect(body['problems']).toEqual([
      'limit must be a whole number from 1 to 1000, got "0"',
      'outcome must be one of ok, error, timeout, refused, aborted, pending, got "good"',
    ])
  })

  test('remembers as many as it is told to, and nothing where it is switched off', async () => {
    const few = await scene().start({ explain: { size: 3 } })
    for (let i = 0; i < 8; i++) await get(few, `r-${i}`)
    const { body } = await few.ask<List>('GET', '/requests')
    expect(body.requests.map(({ id }) => id)).toEqual(['r-7', 'r-6', 'r-5'])
    for (const id of ['r-5', 'r-6', 'r-7']) {
      const { attempts, target } = await explain(few, id)
      expect(target).toBe(`/${id}`)
      expect(attempts[0].decision!.chosen).toBe(attempts[0].server)
    }
    const off = await scene().start({ explain: false })
    const answer = await off.ask('GET', '/requests')
    expect([answer.status, answer.body['error']]).toEqual([404, 'not_kept'])
    expect(off.proxy.proxy.balancer.choices.sight).toBeUndefined()
  })

  test('needs the token, as all of the admin API does', async () => {
    const control = await scene().start({}, { token: 'a-token-of-16-chars' })
    expect((await control.ask('GET', '/requests')).status).toBe(401)
    expect((await control.ask('GET', '/requests/a/explain')).status).toBe(401)
    const authorization = 'Bearer a-token-of-16-chars'
    expect((await control.ask('GET', '/requests', undefined, { authorization })).status).toBe(200)
  })
})
