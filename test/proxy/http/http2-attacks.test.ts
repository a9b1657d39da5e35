import { describe, expect, test } from 'vitest'
import { encodeFields, indexed, kept } from '../../support/hpack.ts'
import {
  ACK,
  CONTINUATION,
  data,
  END_HEADERS,
  END_STREAM,
  ENHANCE_YOUR_CALM,
  FLOW_CONTROL_ERROR,
  type FrameClient,
  frame,
  HEADERS,
  headers,
  INTERNAL_ERROR,
  ping,
  PRIORITY,
  PROTOCOL_ERROR,
  request,
  reset,
  SETTINGS,
  settings,
  windowUpdate,
} from '../../support/http2-frames.ts'
import type { Http2Front } from '../../support/http2-front.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

/** A client whose limits are agreed on, before a backend that never answers. */
async function attacker(values: Record<number, number> = {}) {
  const { backend, front } = await scene.http2({}, () => {})
  const client = await front.client(values)
  await client.heard()
  return { backend, client, front }
}

/** How the connection ended; and that everybody else is served, and nothing is left behind. */
async function endOf(client: FrameClient, front: Http2Front) {
  await client.untilClosed()
  const other = await front.client()
  other.send(headers(1, request('/lb/health')))
  expect(await other.reply(1)).toMatchObject({ status: '200', ended: true })
  other.leave()
  expect(front.test.inflight).toBe(0)
  return { code: client.goaways.at(-1)?.code, words: front.rejections.map(({ word }) => word) }
}

describe('RFC 9113 10.5, a client that wants work for nothing', () => {
  test('rapid reset, packet by packet: ENHANCE_YOUR_CALM after 500 (CVE-2023-44487)', async () => {
    const { client, front } = await attacker()
    let sent = 0
    for (; !client.closed && sent < 2000; sent++) {
      const stream = 1 + 2 * sent
      client.send(headers(stream, request('/lb/events'))) // Which has no end.
      await client.until(() => client.replies.get(stream)?.status === '200' || client.closed)
      client.send(reset(stream))
    }
    expect(await endOf(client, front)).toEqual({ code: ENHANCE_YOUR_CALM, words: ['flood'] })
    expect(sent).toBeLessThan(510)
    expect(front.test.proxy.counters.refused).toEqual({ flood: 1 })
  })

  test('rapid reset, all at once: no backend hears of it, and the connection ends', async () => {
    const { backend, client, front } = await attacker()
    const pairs = Array.from({ length: 1000 }, (_, i) => [
      headers(1 + 2 * i, request()),
      reset(1 + 2 * i),
    ])
    client.send(...pairs.flat())
    const { code, words } = await endOf(client, front)
    expect([ENHANCE_YOUR_CALM, INTERNAL_ERROR]).toContain(code)
    expect(words).toEqual(['flood'])
    expect(backend.connections.length).toBeLessThanOrEqual(100)
  })

  test('resets at a pace that people make are none of it', async () => {
    const { client, front } = await attacker()
    for (let i = 0; i < 700; i++) {
      client.send(headers(1 + 2 * i, request()), reset(1 + 2 * i))
      if (i % 10 === 0) await client.heard()
      if (i % 10 === 0) front.advance(400)
    }
    await client.heard()
    expect(client.closed).toBe(false)
    expect(front.rejections).toEqual([])
  })

  test('malformed requests, one after the other', async () => {
    const { client, front } = await attacker()
    for (let i = 0; !client.closed && i < 1000; i++) {
      client.send(headers(1 + 2 * i, request('/', [], 'BREW')))
      await client.reply(1 + 2 * i)
    }
    expect(await endOf(client, front)).toEqual({ code: ENHANCE_YOUR_CALM, words: ['flood'] })
  })

  test.each([
    ['PING', ping()],
    ['SETTINGS', settings({ 4: 65_535 })],
  ])('%s that is answered each time', async (_what, one) => {
    const { client, front } = await attacker()
    const acks = (): number => client.frames.filter(({ flags }) => flags === ACK).length
    for (let i = 0; !client.closed && i < 1000; i++) {
      const before = acks()
      client.send(one)
      await client.until(() => acks() > before || client.closed)
    }
    expect(await endOf(client, front)).toEqual({ code: ENHANCE_YOUR_CALM, words: ['flood'] })
  })

  test.each([
    ['PING', ping(), 20_000],
    ['SETTINGS', settings({ 4: 65_535 }), 20_000],
    ['empty SETTINGS', frame(SETTINGS, 0, 0), 20_000],
  ])('%s by the thousand, by one that reads no answer', async (_what, one, count) => {
    const { client, front } = await attacker()
    client.polite = false
    client.send(Buffer.concat(Array<Buffer>(count).fill(one)))
    expect((await endOf(client, front)).words).toEqual(['flood'])
  })

  test.each([
    ['DATA without data', data(1, '')],
    ['PRIORITY', frame(PRIORITY, 0, 1, Buffer.from([0, 0, 0, 0, 1]))],
    ['frames of an unknown type', frame(0xbe, 0, 1)],
  ])('%s by the thousand', async (_what, one) => {
    const { client, front } = await attacker()
    client.send(headers(1, request('/', [], 'POST'), 0))
    client.send(Buffer.concat(Array<Buffer>(20_000).fill(one)))
    expect((await endOf(client, front)).words).toHaveLength(1)
  })

  test.each([
    ['empty', Buffer.alloc(0)],
    ['large', encodeFields([['x-a', 'a'.repeat(16_000)]])],
  ])('CONTINUATION without end, %s (CERT VU#421644)', async (_what, block) => {
    const { backend, client, front } = await attacker()
    client.send(frame(HEADERS, END_STREAM, 1, encodeFields(request())))
    for (let i = 0; i < 100; i++) client.send(frame(CONTINUATION, 0, 1, block))
    expect((await endOf(client, front)).words).toEqual(['flood'])
    expect(backend.connections).toHaveLength(0)
  })

  test('a small head that unpacks to 40 MB ends its stream at the limit (HPACK bomb)', async () => {
    const { backend, client } = await attacker()
    const block = Buffer.concat([
      encodeFields(request()),
      kept('x-a', 'a'.repeat(4000)),
      ...Array<Buffer>(10_000).fill(indexed(62)),
    ])
    const before = process.memoryUsage().rss
    client.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, block))
    expect(await client.reply(1)).toMatchObject({ reset: ENHANCE_YOUR_CALM })
    expect(process.memoryUsage().rss - before).toBeLessThan(20 << 20)
    expect(backend.connections).toHaveLength(0)
  })

  test('fifty downloads that are not read cost a bounded part of memory', async () => {
    const piece = Buffer.alloc(1 << 20, 'x')
    const { backend, front } = await scene.http2({}, (connection) => {
      connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${256 << 20}\r\n\r\n`)
      for (let i = 0; i < 3; i++) connection.socket.write(piece)
    })
    // The windows are as large as they can be; it is the socket that is not read.
    const client = await front.client({ 4: 2 ** 31 - 1 })
    client.send(windowUpdate(0, 2 ** 31 - 1 - 65_535))
    await client.heard()
    client.socket.pause()
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 50; i++) client.send(headers(1 + 2 * i, request()))
    await backend.until(() => backend.connections.length === 50)
    const other = await front.client()
    for (let i = 0; i < 20; i++) await other.heard()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20)
    front.advance(61_000)
    expect(front.test.inflight).toBe(0)
  })

  test('interim answers that are not read are left out', async () => {
    const hints = `HTTP/1.1 103 Early Hints\r\nLink: ${'^'.repeat(8000)}\r\n\r\n`.repeat(20)
    const { backend, front } = await scene.http2({}, ({ socket }) => socket.write(hints))
    const client = await front.client()
    await client.heard()
    client.socket.pause()
    const streams = Array.from({ length: 100 }, (_, i) => 1 + 2 * i)
    client.send(...streams.map((stream) => headers(stream, request())))
    const other = await front.client()
    await backend.until(() => backend.connections.length === 100)
    for (let i = 0; i < 50; i++) await other.heard()
    client.socket.resume()
    for (let i = 0; i < 50; i++) await client.heard()
    const blocks = client.frames.filter(({ type }) => type === HEADERS).length
    expect(blocks).toBeGreaterThan(100)
    expect(blocks).toBeLessThan(1900)
  })

  test('a hundred uploads that nobody reads cost no more than their windows', async () => {
    const backend = await scene.backend(() => {})
    const { front } = await scene.http2({ servers: [{ url: backend.url, max: 1 }] })
    const client = await front.client()
    client.send(headers(1, request()))
    await backend.until(() => backend.connections.length === 1)
    const before = process.memoryUsage().arrayBuffers
    const all = Array.from({ length: 99 }, (_, i) => 3 + 2 * i)
    client.send(...all.map((stream) => headers(stream, request('/', [], 'POST'), 0)))
    for (let i = 0; i < 4; i++) {
      client.send(...all.map((stream) => data(stream, Buffer.alloc(i < 3 ? 16_384 : 16_383))))
      await client.heard()
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20)
    client.send(data(3, 'x')) // One byte more than its window.
    expect((await endOf(client, front)).code).toBe(FLOW_CONTROL_ERROR)
  })

  test('streams beyond the limit end the connection of a client that knows it', async () => {
    const { backend, client, front } = await attacker()
    client.send(...Array.from({ length: 2000 }, (_, i) => headers(1 + 2 * i, request())))
    expect(await endOf(client, front)).toEqual({ code: PROTOCOL_ERROR, words: ['bad_request'] })
    expect(backend.connections.length).toBeLessThanOrEqual(100)
  })

  test.each([
    ['nothing for the connection', windowUpdate(0, 0), PROTOCOL_ERROR],
    ['nothing for a stream', windowUpdate(1, 0), PROTOCOL_ERROR],
    ['more than there can be for the connection', windowUpdate(0, 2 ** 31 - 1), FLOW_CONTROL_ERROR],
    ['more than there can be for a stream', windowUpdate(1, 2 ** 31 - 1), FLOW_CONTROL_ERROR],
    ['for a stream that is not', windowUpdate(7, 1), PROTOCOL_ERROR],
    ['an impossible first window', settings({ 4: 2 ** 32 - 1 }), FLOW_CONTROL_ERROR],
  ])('a made-up WINDOW_UPDATE, %s (CVE-2025-8671)', async (_what, one, code) => {
    const { client, front } = await attacker()
    client.send(headers(1, request()), one)
    expect((await endOf(client, front)).code).toBe(code)
  })

  test('WINDOW_UPDATE by the thousand costs nothing that lasts', async () => {
    const { client, front } = await attacker()
    const before = process.memoryUsage().rss
    client.send(Buffer.concat(Array<Buffer>(100_000).fill(windowUpdate(0, 1))))
    await client.heard()
    expect(client.closed).toBe(false)
    expect(process.memoryUsage().rss - before).toBeLessThan(30 << 20)
    expect(front.rejections).toEqual([])
  })

  test.each([
    ['HTTP/1.1', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
    ['an even stream', headers(2, request())],
    ['DATA after the end', Buffer.concat([headers(1, request()), data(1, 'x')])],
    ['DATA on a stream that is not', data(1, 'x')],
    ['fields that are not compressed as they should be', frame(HEADERS, 5, 1, indexed(100))],
    ['a push', frame(5, END_HEADERS, 1, Buffer.from([0, 0, 0, 2]))],
    ['a frame that is too large', frame(0, 0, 1, Buffer.alloc(16_385))],
  ])('%s ends the connection, and nobody else hears of it', async (_what, bytes) => {
    const { client, front } = await attacker()
    client.send(bytes)
    expect((await endOf(client, front)).words).toEqual(['bad_request'])
  })
})
