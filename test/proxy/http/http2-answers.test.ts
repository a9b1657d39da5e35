import { describe, expect, test } from 'vitest'
import {
  END_STREAM,
  frame,
  HEADERS,
  headers,
  INTERNAL_ERROR,
  request,
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

test('frames of an unknown type, and padding, change nothing (RFC 9113 4.1, 6.1)', async () => {
  const { backend, front } = await scene.http2()
  const client = await front.client()
  const padded = Buffer.concat([Buffer.from([2]), Buffer.from('abc'), Buffer.alloc(2)])
  client.send(headers(1, request('/', [['content-length', '3']], 'POST'), 0))
  client.send(frame(0xbe, 0, 1, Buffer.from('x')), frame(0, 8 | END_STREAM, 1, padded))
  expect(await client.reply(1)).toMatchObject({ status: '200' })
  expect(backend.text.endsWith('\r\n\r\nabc')).toBe(true)
})
