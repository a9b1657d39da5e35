import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Connections } from '../../../experiments/load/connections.ts'
import type { Errand } from '../../../experiments/load/errand.ts'
import { Generator } from '../../../experiments/load/generator.ts'
import type { DueRequest } from '../../../experiments/load/source.ts'
import { listed } from './listed.ts'
import { listening } from './listening.ts'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(handler)
  return listening(server)
}

test('a request that takes too long is given up after exactly that, and its connection with it', async () => {
  const closed: Promise<unknown>[] = []
  const url = await serve((request, response) => {
    if (request.url === '/slow') closed.push(once(request.socket, 'close'))
    else response.end()
  })
  const source = listed([{ path: '/slow' }, { path: '/' }, { path: '/slow', time: 300 }])
  const generator = new Generator({ url, source, timeout: 600 })
  const began = performance.now()
  generator.start()
  await generator.finished
  const took = performance.now() - began
  expect(generator.account).toMatchObject({ due: 3, answered: 1, failed: 2, missing: 0 })
  expect([...generator.account.reasons]).toEqual([['no answer within 0.6 s', 2]])
  expect(closed).toHaveLength(2)
  await Promise.all(closed)
  // The second was sent 300 ms after the first, and had its full time.
  expect(took).toBeGreaterThan(899)
})

test('with one connection requests wait for it, counted from when they were due', async () => {
  let open = 0
  let most = 0
  const url = await serve((_request, response) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      response.end()
    }, 20)
  })
  const generator = new Generator({ url, source: listed([{}, {}, {}]), connections: 1 })
  generator.start()
  await generator.finished
  expect(most).toBe(1)
  expect(generator.account.answered).toBe(3)
  expect(generator.account.response.max).toBeGreaterThan(57)
})

test('when the one connection is given up another is opened for who stands in line', async () => {
  let requests = 0
  const url = await serve((_request, response) => {
    if (++requests > 1) response.end()
  })
  const source = listed([{}, { time: 900 }, { time: 1000 }])
  const generator = new Generator({ url, source, connections: 1, timeout: 1200 })
  generator.start()
  await generator.finished
  // The first hangs; the second has waited 300 ms when the first is given up, and gets a connection of its own.
  expect(generator.account).toMatchObject({ due: 3, failed: 1, answered: 2, missing: 0 })
})

test('who waits for a new connection takes one that becomes idle meanwhile', async () => {
  let connections = 0
  const url = await serve((_request, response) => void response.end())
  server!.on('connection', () => connections++)
  // All are due at once, and each opens no connection of its own.
  const source = listed(Array.from({ length: 1000 }, () => ({})))
  const generator = new Generator({ url, source })
  generator.start()
  await generator.finished
  expect(generator.account).toMatchObject({ due: 1000, answered: 1000, missing: 0 })
  expect(connections).toBeLessThan(1000)
})

test('a target that goes away in the middle is told, and nothing falls over', async () => {
  let answers = 0
  const url = await serve((_request, response) => {
    response.end()
    if (++answers < 20) return
    server!.close()
    server!.closeAllConnections()
  })
  const source = listed(Array.from({ length: 400 }, (_, i) => ({ time: i })))
  const generator = new Generator({ url, source })
  generator.start()
  await generator.finished
  const { account } = generator
  expect(account).toMatchObject({ due: 400, missing: 0, inflight: 0 })
  expect(account.answered).toBeGreaterThan(0)
  expect(account.unconnected).toBeGreaterThan(100)
  expect(account.reasons.get('ECONNREFUSED')).toBe(account.unconnected)
})

test('without keep-alive each request has a connection of its own', async () => {
  const url = await serve((_request, response) => void response.end())
  let connections = 0
  server!.on('connection', () => connections++)
  for (const [keepAlive, expected] of [
    [true, 1],
    [false, 3],
  ] as const) {
    connections = 0
    // One at a time, so that the next could have the connection of the one before.
    const source = listed([{}, {}, {}])
    const generator = new Generator({ url, source, keepAlive, connections: 1 })
    generator.start()
    await generator.finished
    expect(connections).toBe(expected)
  }
})

test('what is due before the warm-up is over is written down apart', async () => {
  const url = await serve((_request, response) => void response.end())
  const source = listed([{ time: 0 }, { time: 9 }, { time: 10 }])
  const generator = new Generator({ url, source, warmup: 10 })
  generator.start()
  await generator.finished
  expect(generator.warmup).toMatchObject({ due: 2, answered: 2, missing: 0 })
  expect(generator.account).toMatchObject({ due: 1, answered: 1, missing: 0 })
})

test('the field that names the server can be another, in any letters', async () => {
  const url = await serve((_request, response) => void response.setHeader('Via-Node', 'n7').end())
  const generator = new Generator({ url, source: listed([{}]), serverHeader: 'VIA-node' })
  generator.start()
  await generator.finished
  expect([...generator.account.servers.keys()]).toEqual(['n7'])
})

test('a page is booked beside its server, and an answer is handed over whole for its checks', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/gone') request.socket.destroy()
    response.write('one ')
    setTimeout(() => response.end('two'), 5)
  })
  const texts: string[] = []
  const onAnswer: DueRequest['onAnswer'] = ({ body, status }, tally) => {
    texts.push(`${status} ${body.toString()}`)
    tally.check('has two', body.includes('two'))
    tally.check('has three', body.includes('three'))
  }
  const source = listed([
    { page: 'home', onAnswer },
    { page: 'gone', path: '/gone', onAnswer },
  ])
  const generator = new Generator({ url, source })
  generator.start()
  await generator.finished
  const { checks, pages } = generator.account
  expect(texts).toEqual(['200 one two'])
  expect([...checks]).toEqual([
    ['has two', { passed: 1, failed: 0 }],
    ['has three', { passed: 0, failed: 1 }],
  ])
  expect(pages.get('home')).toMatchObject({ answers: 1, failed: 0 })
  expect(pages.get('gone')).toMatchObject({ answers: 0, failed: 1 })
})

test('a connection that came too late to be used is closed with the others', async () => {
  const url = await serve((_request, response) => void response.end())
  const connections = new Connections({ url })
  const errand = { over: false } as Errand
  connections.dispatch(errand)
  errand.over = true // It was given up, or has another connection.
  const [accepted] = (await once(server!, 'connection')) as [Socket]
  await expect.poll(() => connections.count).toBe(1)
  const closed = once(accepted, 'close')
  await connections.close()
  await closed
})
