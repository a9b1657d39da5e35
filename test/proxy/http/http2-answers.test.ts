import { describe, expect, test } from 'vitest'
import {
  CANCEL,
  data,
  END_STREAM,
  frame,
  HEADERS,
  headers,
  INTERNAL_ERROR,
  NO_ERROR,
  request,
  reset,
  windowUpdate,
} from '../../support/http2-frames.ts'
import { answering, type Behaviour } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

function answer(head: string, body = ''): Behaviour {
  return answering(`HTTP/1.1 ${head}\r\n\r\n${body}`)
}

/** One GET; what came back on its stream. */
async function get(behaviour: Behaviour, method = 'GET') {
  const { front } = await scene.http2({}, behaviour)
  const client = await front.client()
  client.send(headers(1, request('/', [], method)))
  const reply = await client.reply(1)
  return { ...reply, fields: reply.blocks.at(0) ?? [], client, front }
}

describe('RFC 9113 8.1, an answer', () => {
  test('has its fields in lower case, and none that concern one connection', async () => {
    const { body, fields } = await get(
      answer(
        '200 Fine\r\nContent-Length: 2\r\nX-A: One\r\nConnection: keep-alive, X-Gone\r\nX-Gone: 1\r\nKeep-Alive: timeout=5\r\n' +
          'Proxy-Connection: x\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nTE: x\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nETag: "x"\r\nETag: "y"',
        'ok',
      ),
    )
    expect(body).toBe('ok')
    const names = fields.map(([name]) => name)
    expect(fields[0]).toEqual([':status', '200'])
    expect(names.filter((name) => name === 'date')).toHaveLength(1)
    expect(names.filter((name) => name !== 'date')).toEqual([
      ':status',
      'content-length',
      'x-a',
      'set-cookie',
      'set-cookie',
      'etag',
      'etag',
      'via',
    ])
    expect(fields).toContainEqual(['x-a', 'One'])
  })

  test('of unknown length ends with END_STREAM, without chunks', async () => {
    const chunked = answer(
      '200 OK\r\nTransfer-Encoding: chunked',
      '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    )
    const { body, ended, fields } = await get(chunked)
    expect([body, ended]).toEqual(['abcde', true])
    expect(fields.map(([name]) => name)).not.toContain('transfer-encoding')
  })

  test('has its trailers behind the body, announced or not', async () => {
    for (const announced of ['', '\r\nTrailer: X-Sum']) {
      const { blocks, body, ended } = await get(
        answer(
          `200 OK\r\nTransfer-Encoding: chunked${announced}`,
          '3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n',
        ),
      )
      expect([body, ended, blocks.length]).toEqual(['abc', true, 2])
      expect(blocks[1]).toEqual([['x-sum', '7']])
    }
  })

  test('to HEAD, or 204 or 304, is a head that ends the stream', async () => {
    const head = await get(answer('200 OK\r\nContent-Length: 5'), 'HEAD')
    expect([head.status, head.body, head.ended, head.reset]).toEqual(['200', '', true, undefined])
    expect(head.fields).toContainEqual(['content-length', '5'])
    const last = head.client.frames.findLast(({ stream }) => stream === 1)
    expect(last).toMatchObject({ type: HEADERS })
    for (const status of ['204', '304']) {
      const { body, ended, ...reply } = await get(answer(`${status} So\r\nX-A: 1`))
      expect([reply.status, body, ended, reply.reset]).toEqual([status, '', true, undefined])
    }
  })

  test('to HEAD can be an error of our own', async () => {
    const { front } = await scene.http2({ servers: [await scene.deadUrl()] })
    const client = await front.client()
    client.send(headers(1, request('/', [], 'HEAD')))
    expect(await client.reply(1)).toMatchObject({ status: '502', body: '', ended: true })
  })

  test('205 loses what it should not have', async () => {
    const reply = await get(answer('205 So\r\nContent-Length: 2', 'ok'))
    expect([reply.status, reply.body, reply.ended]).toEqual(['205', '', true])
    expect(reply.fields.map(([name]) => name)).not.toContain('content-length')
  })

  test('comes behind its interim ones, but 101 is none', async () => {
    const { blocks, status } = await get(
      answer(
        '103 Early Hints\r\nLink: </a>\r\nConnection: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0',
      ),
    )
    expect(status).toBe('200')
    expect(blocks).toHaveLength(2)
    expect(blocks[0]).toEqual([
      [':status', '103'],
      ['link', '</a>'],
      ['via', '1.1 evenkeel'],
    ])
  })

  test('is 502 where the fields are none', async () => {
    const { status } = await get(answer('200 OK\r\nContent-Length: 2\r\nX\x01A: 1', 'ok'))
    expect(status).toBe('502')
  })

  test.each([
    ['with a length', 'Content-Length: 10\r\n\r\nabc'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])('%s that breaks off cuts its stream, and leaves the others', async (_how, part) => {
    const { backend, front } = await scene.http2({}, (connection) => {
      if (connection.text.includes('/short')) {
        connection.socket.end(`HTTP/1.1 200 OK\r\n${part}`)
      } else connection.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    const client = await front.client()
    client.send(headers(1, request('/short')))
    expect(await client.reply(1)).toMatchObject({
      status: '200',
      ended: false,
      reset: INTERNAL_ERROR,
    })
    client.send(headers(3, request('/')))
    expect(await client.reply(3)).toMatchObject({ status: '200', body: 'ok', ended: true })
    expect(backend.connections).toHaveLength(2)
    expect(front.test.inflight).toBe(0)
  })
})

describe('proxy-behaviour 4, streaming with back-pressure over HTTP/2', () => {
  test('a client that opens no window stops the backend; it goes on when the window opens', async () => {
    let written = 0
    const size = 8 << 20
    const { front } = await scene.http2({}, (connection) => {
      connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      const piece = Buffer.alloc(65_536, 'x')
      const more = (): void => {
        while (written < size) {
          written += piece.length
          if (!connection.socket.write(piece)) return
        }
      }
      connection.socket.on('drain', more)
      more()
    })
    const client = await front.client()
    client.send(headers(1, request()))
    await client.until(() => client.replies.get(1)?.body.length === 65_535)
    await client.heard()
    expect(written).toBeLessThan(size)
    expect(client.replies.get(1)?.body).toHaveLength(65_535)
    client.send(windowUpdate(0, size), windowUpdate(1, size))
    const reply = await client.reply(1)
    expect([reply.body.length, reply.ended]).toEqual([size, true])
  })

  test('a slow reader is cut after idleBody, with its answer long here or not', async () => {
    for (const size of [10, 1 << 20]) {
      const { front } = await scene.http2(
        { timeouts: { idleBody: 5000 } },
        answer(`200 OK\r\nContent-Length: ${size}`, 'x'.repeat(size)),
      )
      const client = await front.client({ 4: 0 })
      client.send(headers(1, request()))
      await client.until(() => client.replies.get(1)?.status === '200')
      await client.heard()
      front.advance(5200)
      expect(await client.reply(1)).toMatchObject({ body: '', reset: INTERNAL_ERROR })
      expect(front.test.inflight).toBe(0)
    }
  })

  test('so is one that does not read an error of ours', async () => {
    const { front } = await scene.http2({ timeouts: { idleBody: 5000 } })
    const client = await front.client({ 4: 0 })
    client.send(headers(1, request('/', [], 'BREW')))
    await client.until(() => client.replies.get(1)?.status === '400')
    front.advance(5200)
    expect(await client.reply(1)).toMatchObject({ body: '', reset: INTERNAL_ERROR })
  })

  test('an upload waits for a backend that does not read, and other streams go on', async () => {
    const { backend, front } = await scene.http2({}, (connection) => {
      if (connection.text.includes('/stuck')) connection.socket.pause()
      else connection.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    const client = await front.client()
    client.send(headers(1, request('/stuck', [], 'POST'), 0))
    const piece = Buffer.alloc(16_384)
    let sent = 0
    const granted = (): number =>
      client.frames
        .filter(({ stream, type }) => stream === 1 && type === 8)
        .reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 65_535)
    // As much as the window lets through, until it opens no further.
    for (let quiet = 0; quiet < 20;) {
      if (granted() - sent >= piece.length) {
        client.send(data(1, piece))
        sent += piece.length
        quiet = 0
      } else quiet++
      await client.heard()
    }
    expect(sent).toBeLessThan(32 << 20)
    expect(backend.connections).toHaveLength(1)
    client.send(headers(3, request('/', [], 'POST'), 0), data(3, 'x', END_STREAM))
    expect(await client.reply(3)).toMatchObject({ status: '200' })
  })
})

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

test('frames of an unknown type, and padding, change nothing (RFC 9113 4.1, 6.1)', async () => {
  const { backend, front } = await scene.http2()
  const client = await front.client()
  const padded = Buffer.concat([Buffer.from([2]), Buffer.from('abc'), Buffer.alloc(2)])
  client.send(headers(1, request('/', [['content-length', '3']], 'POST'), 0))
  client.send(frame(0xbe, 0, 1, Buffer.from('x')), frame(0, 8 | END_STREAM, 1, padded))
  expect(await client.reply(1)).toMatchObject({ status: '200' })
  expect(backend.text.endsWith('\r\n\r\nabc')).toBe(true)
})
