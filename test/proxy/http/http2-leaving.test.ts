import { describe, expect, test } from 'vitest'
import {
  CANCEL,
  data,
  END_STREAM,
  headers,
  NO_ERROR,
  request,
  reset,
} from '../../support/http2-frames.ts'
import { answering, type Behaviour } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

function answer(head: string, body = ''): Behaviour {
  return answering(`HTTP/1.1 ${head}\r\n\r\n${body}`)
}

describe('RFC 9113 8.1 and 8.5, the client or the backend ends early', () => {
  test('an answer before the end of the upload is whole; the rest is refused with NO_ERROR', async () => {
    const { front } = await scene.http2({}, answer('200 OK\r\nContent-Length: 2', 'ok'))
    const client = await front.client()
    client.send(headers(1, request('/', [], 'POST'), 0), data(1, 'a'))
    await client.until(() => client.replies.get(1)?.reset !== undefined)
    expect(await client.reply(1)).toMatchObject({
      status: '200',
      body: 'ok',
      ended: true,
      reset: NO_ERROR,
    })
  })

  test('so with trailers behind it', async () => {
    const { front } = await scene.http2(
      {},
      answer('200 OK\r\nTransfer-Encoding: chunked', '3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n'),
    )
    const client = await front.client()
    client.send(headers(1, request('/', [], 'POST'), 0), data(1, 'a'))
    await client.until(() => client.replies.get(1)?.reset !== undefined)
    const reply = await client.reply(1)
    expect(reply).toMatchObject({ body: 'abc', ended: true, reset: NO_ERROR })
    expect(reply.blocks[1]).toEqual([['x-sum', '7']])
  })

  test('so does HEAD', async () => {
    const { front } = await scene.http2({}, answer('200 OK\r\nContent-Length: 2'))
    const client = await front.client()
    client.send(headers(1, request('/', [], 'HEAD'), 0), data(1, 'a'))
    await client.until(() => client.replies.get(1)?.reset !== undefined)
    expect(await client.reply(1)).toMatchObject({ body: '', ended: true, reset: NO_ERROR })
  })

  test('so does a refused request, and 413', async () => {
    const { backend, front } = await scene.http2({ limits: { body: 10 } })
    const client = await front.client()
    client.send(headers(1, request('/', [], 'BREW'), 0))
    await client.until(() => client.replies.get(1)?.reset !== undefined)
    expect(await client.reply(1)).toMatchObject({ status: '400', ended: true, reset: NO_ERROR })
    expect(backend.text).toBe('')
    client.send(headers(3, request('/', [], 'POST'), 0), data(3, 'x'.repeat(11)))
    await client.until(() => client.replies.get(3)?.reset !== undefined)
    expect(await client.reply(3)).toMatchObject({ status: '413', ended: true, reset: NO_ERROR })
  })

  test.each([
    ['CANCEL', CANCEL],
    ['NO_ERROR', NO_ERROR],
  ])(
    'a client that resets its upload with %s has left: the backend gets no whole request',
    async (_name, code) => {
      const { backend, front } = await scene.http2({}, () => {})
      const client = await front.client()
      client.send(headers(1, request('/', [], 'POST'), 0), data(1, 'abc'))
      await backend.until(() => backend.text.endsWith('3\r\nabc'))
      client.send(reset(1, code))
      await backend.until(() => backend.connections[0].socket.destroyed)
      expect(backend.text.endsWith('3\r\nabc')).toBe(true)
      expect(front.test.inflight).toBe(0)
      client.send(headers(3, request()))
      await backend.until(() => backend.connections.length === 2)
    },
  )

  test('a client that closes its connection has left every stream', async () => {
    const { backend, front } = await scene.http2({}, () => {})
    const client = await front.client()
    client.send(headers(1, request()), headers(3, request('/', [], 'POST'), 0), data(3, 'abc'))
    await backend.until(() => backend.connections.length === 2 && backend.text.includes('abc'))
    client.leave()
    await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
    expect(front.test.inflight).toBe(0)
    expect(front.test.proxy.counters.byClass[0]).toBe(2)
  })

  test.each([
    ['fewer bytes than announced', [data(1, 'b', END_STREAM)]],
    ['more bytes than announced', [data(1, 'bcdef')]],
    ['trailers with a pseudo-field', [data(1, 'bc'), headers(1, [[':path', '/x']])]],
  ])('a body with %s never reaches a backend as whole', async (_what, rest) => {
    const { backend, front } = await scene.http2({}, () => {})
    const client = await front.client()
    client.send(headers(1, request('/', [['content-length', '5']], 'POST'), 0), data(1, 'a'))
    await backend.until(() => backend.text.endsWith('\r\n\r\na'))
    client.send(...rest)
    await backend.until(() => backend.connections[0].socket.destroyed)
    expect(backend.text.split('\r\n\r\n')[1].length).toBeLessThan(5)
    expect(front.test.inflight).toBe(0)
    // More than announced ends the connection, and with it the requests; else it is a bad request like others.
    const { byClass } = front.test.proxy.counters
    expect([byClass[0], byClass[4]]).toEqual(client.goaways.length > 0 ? [2, 0] : [0, 1])
  })

  test('a client that sends no more of its body gets 408', async () => {
    const { backend, front } = await scene.http2({ timeouts: { clientBody: 2000 } }, () => {})
    const client = await front.client()
    client.send(headers(1, request('/', [], 'POST'), 0), data(1, 'abc'))
    await backend.until(() => backend.text.endsWith('abc'))
    front.advance(2300)
    expect(await client.reply(1)).toMatchObject({ status: '408' })
  })

  test('100 Continue comes when a server has been found, and only then', async () => {
    const { front } = await scene.http2()
    const client = await front.client()
    client.send(headers(1, request('/', [['expect', '100-continue']], 'POST'), 0))
    await client.until(() => client.replies.get(1)?.blocks.length === 1)
    expect(client.replies.get(1)?.blocks[0]).toEqual([[':status', '100']])
    client.send(data(1, 'abc', END_STREAM))
    expect(await client.reply(1)).toMatchObject({ status: '200' })
    client.send(headers(3, request('/', [['expect', '100-continue']], 'BREW'), 0))
    expect((await client.reply(3)).blocks).toHaveLength(1)
  })
})
