import { describe, expect, test } from 'vitest'
import {
  data,
  END_STREAM,
  headers,
  INTERNAL_ERROR,
  request,
  windowUpdate,
} from '../../support/http2-frames.ts'
import { answering, type Behaviour } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

function answer(head: string, body = ''): Behaviour {
  return answering(`HTTP/1.1 ${head}\r\n\r\n${body}`)
}

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

  test('a connection may have more of its uploads on the way than one stream', async () => {
    const { front } = await scene.http2()
    const client = await front.client()
    await client.heard()
    const opened = client.frames.find(({ stream, type }) => stream === 0 && type === 8)
    expect(opened?.payload.readUInt32BE(0)).toBe((1 << 20) - 65_535)
  })
})
