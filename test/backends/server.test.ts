import { describe, expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { RawClient } from '../support/raw-client.ts'
import { counts, get, start, timers } from './fakes.ts'

describe('a fake answers', () => {
  test('every path and method with JSON that names it', async () => {
    const fake = await start({ SERVER_ID: 'b3' })
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/products/4?x=1'],
      ['POST', '/cart'],
      ['DELETE', '/healthy'],
      ['OPTIONS', '/_faker'],
    ]) {
      const { status, headers, body } = await get(fake, path, { method })
      expect(status).toBe(200)
      expect(JSON.parse(body)).toMatchObject({ server: 'b3' })
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
      expect(headers.get('x-served-by')).toBe('b3')
    }
  })

  test('HEAD as it answers GET, without the body', async () => {
    const fake = await start()
    const { port } = new URL(fake.url)
    const request = '/products HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
    const whole = await RawClient.exchange(Number(port), `GET ${request}`)
    const head = await RawClient.exchange(Number(port), `HEAD ${request}`)
    const ofTheMoment = /(Date|endpoint-load-metrics): .*/g
    const [wholeHead] = whole.split('\r\n\r\n')
    expect(head.replaceAll(ofTheMoment, '')).toBe(
      `${wholeHead.replaceAll(ofTheMoment, '')}\r\n\r\n`,
    )
    expect(head).toContain('content-length: ')
  })

  test('after it has read a body to its end', async () => {
    const fake = await start()
    const client = await RawClient.connect(Number(new URL(fake.url).port))
    client.send('POST /cart HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345')
    await counts(fake, { arrived: 0 })
    client.send('67890')
    expect(await client.receive('"server"')).toMatch(/^HTTP\/1.1 200 /)
    client.send('PUT /cart HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
    client.send('0\r\n\r\n')
    await counts(fake, { arrived: 2, served: 2 })
    expect(fake.state()).toMatchObject({ bodyBytes: 13 })
    client.leave()
  })

  test('the next request on the same connection', async () => {
    const fake = await start()
    const client = await RawClient.connect(Number(new URL(fake.url).port))
    const request = 'GET /cart HTTP/1.1\r\nhost: x\r\n\r\n'
    for (let i = 1; i <= 3; i++) {
      client.send(request)
      await client.until(() => client.text.split('HTTP/1.1 200 OK').length > i)
    }
    expect(client.closed).toBe(false)
    client.leave()
  })
})

describe('service', () => {
  test('takes times drawn from the stream of seed and name, and tells how long it took', async () => {
    const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '20', SEED: '5', SERVER_ID: 'b2' })
    const work = new Rng(5).fork('b2').fork('work')
    for (let i = 1; i <= 5; i++) {
      const answer = get(fake, '/')
      await counts(fake, { arrived: i })
      const expected = 10 + 10 * work.float()
      expect(timers.delays.at(-1)).toBe(expected)
      timers.advance(20)
      expect((await answer).headers.get('server-timing')).toBe(`work;dur=${expected.toFixed(3)}`)
    }
  })

  test('that takes no time sets no timer', async () => {
    const fake = await start()
    expect((await get(fake, '/')).headers.get('server-timing')).toBe('work;dur=0')
    expect(timers.delays).toEqual([])
  })

  test('of more than the concurrency waits its turn, and of more than the queue is refused', async () => {
    const fake = await start({
      MIN_LATENCY: '10',
      MAX_LATENCY: '10',
      CONCURRENCY: '1',
      QUEUE: '1',
    })
    const first = get(fake, '/1')
    await counts(fake, { serving: 1 })
    const second = get(fake, '/2')
    await counts(fake, { queued: 1 })
    const third = await get(fake, '/3')
    expect([third.status, JSON.parse(third.body)]).toEqual([
      503,
      { server: 'b1', error: 'queue_full' },
    ])
    expect((await get(fake, '/health')).status).toBe(200)
    timers.advance(10)
    expect((await first).headers.get('server-timing')).toBe('work;dur=10.000')
    timers.advance(10)
    expect((await second).headers.get('server-timing')).toBe('queue;dur=10.000, work;dur=10.000')
    expect(fake.state()['counts']).toEqual({
      arrived: 3,
      served: 2,
      failed: 0,
      refused: 1,
      abandoned: 0,
      serving: 0,
      queued: 0,
    })
  })

  test('ends when its client leaves, in the queue as well, and its place is free', async () => {
    const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '10', CONCURRENCY: '1' })
    const port = Number(new URL(fake.url).port)
    const request = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'
    const [first, second] = [await RawClient.connect(port), await RawClient.connect(port)]
    first.send(request)
    await counts(fake, { serving: 1 })
    second.send(request)
    await counts(fake, { queued: 1 })
    const third = get(fake, '/')
    await counts(fake, { queued: 2 })
    second.leave()
    await counts(fake, { abandoned: 1, queued: 1 })
    first.leave()
    await counts(fake, { abandoned: 2, queued: 0, serving: 1 })
    expect(timers.waiting).toBe(1)
    timers.advance(10)
    expect((await third).status).toBe(200)
  })

  test('does not begin for a client that leaves in the middle of its body', async () => {
    const fake = await start()
    const client = await RawClient.connect(Number(new URL(fake.url).port))
    client.send('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345')
    client.leave()
    await get(fake, '/')
    await counts(fake, { arrived: 1, served: 1 })
  })
})

describe('a stop', () => {
  test('takes no more connections, answers who is inside, and is over then', async () => {
    const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '10', CONCURRENCY: '1' })
    const port = Number(new URL(fake.url).port)
    const clients = [await RawClient.connect(port), await RawClient.connect(port)]
    for (const client of clients) client.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await counts(fake, { serving: 1, queued: 1 })
    const stopped = fake.stop()
    await expect(RawClient.connect(port)).rejects.toThrow('ECONNREFUSED')
    timers.advance(20)
    await stopped
    for (const client of clients) {
      await client.untilClosed()
      expect(client.text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
      expect(client.text).toContain('Connection: close\r\n')
      expect(client.text).toMatch(/\}$/)
    }
  })

  test('is not held up by connections that idle or never said a word', async () => {
    const fake = await start()
    const port = Number(new URL(fake.url).port)
    const [idle, silent] = [await RawClient.connect(port), await RawClient.connect(port)]
    idle.send('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await idle.receive('"server"')
    await fake.stop()
    await Promise.all([idle.untilClosed(), silent.untilClosed()])
  })
})
