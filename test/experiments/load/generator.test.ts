import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Generator } from '../../../experiments/load/generator.ts'
import type { Timer } from '../../../experiments/load/timer.ts'
import { listed } from './listed.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(handler: Handler): Promise<string> {
  server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A time that a test moves by hand. */
class HandTimer implements Timer {
  time = 0
  private call: (() => void) | undefined

  now(): number {
    return this.time
  }

  after(_delay: number, call: () => void): () => void {
    this.call = call
    return () => {
      this.call = undefined
    }
  }

  /** The timer fires, at this time. */
  fireAt(time: number): void {
    this.time = time
    const { call } = this
    this.call = undefined
    call?.()
  }
}

test('every due request is accounted for, whatever became of it', async () => {
  const url = await serve((request, response) => {
    const status = Number(request.url!.slice(1))
    response.setHeader('x-served-by', status === 200 ? 'b1' : 'b2')
    if (status === 0) request.socket.destroy()
    else response.writeHead(status).end('done')
  })
  const paths = ['/200', '/404', '/500', '/0', '/a b', '/200', 'nowhere', '/503']
  const generator = new Generator({ url, source: listed(paths.map((path) => ({ path }))) })
  generator.start()
  await generator.finished
  const { account } = generator
  expect([...account.byClass]).toEqual([0, 0, 2, 0, 1, 2])
  expect(account).toMatchObject({ due: 8, failed: 1, unsendable: 2, shed: 0, inflight: 0 })
  expect(account.missing).toBe(0)
  expect(account.response.count).toBe(3)
  expect([...account.servers].map(([id, { answers }]) => [id, answers])).toEqual([
    ['b1', 2],
    ['b2', 3],
  ])
  expect([...account.reasons.keys()]).toContain('invalid request path')
})

test('an answer that breaks off in its body counts as failed and not as an answer', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('a beginning', () => response.destroy())
  })
  const generator = new Generator({ url, source: listed([{}]) })
  generator.start()
  await generator.finished
  expect(generator.account).toMatchObject({ due: 1, answered: 0, failed: 1, missing: 0 })
})

test('response time counts from when a request was due, service time from when it was sent', async () => {
  const arrived = Promise.withResolvers<void>()
  const waiting: ServerResponse[] = []
  const url = await serve((_request, response) => {
    waiting.push(response)
    if (waiting.length === 3) arrived.resolve()
  })
  const timer = new HandTimer()
  const times = [0, 10, 400]
  const generator = new Generator({ url, source: listed(times.map((time) => ({ time }))), timer })
  generator.start()
  // The generator comes back half a second later: everything is sent now, late, and says so.
  timer.fireAt(500)
  await arrived.promise
  timer.time = 530
  for (const response of waiting) response.end()
  await generator.finished
  const { response, service, lateness } = generator.account
  // The first was due at once and sent at once; the others were due at 10 and 400, and sent at 500.
  expect([lateness.min, lateness.max, lateness.sum]).toEqual([0, 490, 490 + 100])
  expect([service.min, service.max, service.sum]).toEqual([30, 530, 530 + 30 + 30])
  expect([response.min, response.max, response.sum]).toEqual([130, 530, 530 + 520 + 130])
})

test('a server that stalls is seen in full by those who wait behind it', async () => {
  const waiting: ServerResponse[] = []
  const arrived = Promise.withResolvers<void>()
  const url = await serve((_request, response) => {
    waiting.push(response)
    if (waiting.length === 100) arrived.resolve()
  })
  const timer = new HandTimer()
  const requests = Array.from({ length: 100 }, (_, i) => ({ time: i * 10 }))
  const generator = new Generator({ url, source: listed(requests), timer })
  generator.start()
  for (let time = 10; time < 1000; time += 10) timer.fireAt(time)
  await arrived.promise
  // One at a time would have sent one request into a stall of two seconds; an open model sends all of them.
  timer.time = 2000
  for (const response of waiting) response.end()
  await generator.finished
  const { response } = generator.account
  expect([response.count, response.min, response.max]).toEqual([100, 1010, 2000])
  expect(response.quantile(0.5)).toBeCloseTo(1510, -2)
})

test('requests beyond the limit in flight are shed and counted', async () => {
  const waiting: ServerResponse[] = []
  const arrived = Promise.withResolvers<void>()
  const url = await serve((_request, response) => {
    waiting.push(response)
    if (waiting.length === 3) arrived.resolve()
  })
  const source = listed([{}, {}, {}, {}, {}])
  const generator = new Generator({ url, source, maxInFlight: 3 })
  generator.start()
  await arrived.promise
  for (const response of waiting) response.end()
  await generator.finished
  expect(generator.account).toMatchObject({ due: 5, answered: 3, shed: 2, missing: 0 })
  expect([...generator.account.reasons]).toEqual([['more than 3 in flight', 2]])
})

test('what never answers is given up in the end, and counts as failed', async () => {
  const arrived = Promise.withResolvers<void>()
  const url = await serve(() => arrived.resolve())
  const generator = new Generator({ url, source: listed([{}]) })
  generator.start()
  await arrived.promise
  generator.giveUp()
  await generator.finished
  expect(generator.account).toMatchObject({ due: 1, failed: 1, inflight: 0, missing: 0 })
  expect([...generator.account.reasons]).toEqual([['given up at the end', 1]])
})

test('a request that never got a connection is counted apart from those that were sent', async () => {
  const url = await serve(() => {})
  server!.close()
  await once(server!, 'close')
  const generator = new Generator({ url, source: listed([{}, {}]) })
  generator.start()
  await generator.finished
  const { account } = generator
  expect(account).toMatchObject({ due: 2, unconnected: 2, failed: 0, sent: 0, missing: 0 })
  expect([...account.reasons]).toEqual([['ECONNREFUSED', 2]])
})

test('nothing is due from the end of the duration on', async () => {
  const url = await serve((_request, response) => void response.end())
  const source = listed([{ time: 0 }, { time: 1 }, { time: 2 }])
  const generator = new Generator({ url, source, duration: 2 })
  generator.start()
  await generator.finished
  expect(generator.account.due).toBe(2)
})

test('method, path and client arrive as they are, byte for byte', async () => {
  // A server that takes anything, because node:http refuses bytes above 127 in a path.
  const heads: string[] = []
  const raw = createSocketServer((socket) => {
    socket.on('data', (data) => {
      heads.push(data.toString('latin1'))
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(raw, 'listening')
  const source = listed([
    { method: 'HEAD', path: '/%7Euser/./x?q=%20&&', client: 'proxy.example.com' },
    { method: 'POST', path: '//a\\b/caf\xe9', client: '' },
  ])
  const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`
  const generator = new Generator({ url, source })
  generator.start()
  await generator.finished
  raw.close()
  const [head, post] = heads.sort()
  expect(head).toMatch(/^HEAD \/%7Euser\/\.\/x\?q=%20&& HTTP\/1\.1\r\n/)
  expect(head).toContain('x-client: proxy.example.com\r\n')
  expect(post).toMatch(/^POST \/\/a\\b\/caf\xe9 HTTP\/1\.1\r\n/)
  expect(post).not.toContain('x-client')
})
