import { describe, expect, test } from 'vitest'
import {
  data,
  END_STREAM,
  FrameClient,
  headers,
  NO_ERROR,
  PREFACE,
  REFUSED_STREAM,
  request,
  settings,
} from '../../support/http2-frames.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

/** A backend that answers when it is told. */
async function waiting() {
  const answers: (() => void)[] = []
  const { backend, front } = await scene.http2({}, (connection) => {
    answers.push(() => connection.socket.write(OK))
  })
  const client = await front.client()
  await client.heard()
  return { answers, backend, client, front }
}

describe('RFC 9113 6.8 and proxy-behaviour 7, a connection of HTTP/2 ends', () => {
  test('what it has taken is answered; GOAWAY names the last of it, and what comes later reaches no server', async () => {
    const { answers, backend, client, front } = await waiting()
    client.send(headers(1, request()), headers(3, request()))
    await backend.until(() => answers.length === 2)
    front.listener.drain()
    client.send(headers(5, request()))
    await client.until(() => client.goaways.length === 1)
    expect(client.goaways).toEqual([{ code: NO_ERROR, last: 3 }])
    await client.heard()
    for (const answer of answers) answer()
    expect(await client.reply(1)).toMatchObject({ status: '200', ended: true })
    expect(await client.reply(3)).toMatchObject({ status: '200', ended: true })
    await client.untilClosed()
    expect(client.replies.get(5)).toBeUndefined()
    expect(answers).toHaveLength(2)
    expect(front.test.inflight).toBe(0)
  })

  test('one without a request may still send what it was about to, all of it in one packet', async () => {
    const { answers, backend, client, front } = await waiting()
    front.listener.drain()
    await client.heard()
    expect(client.goaways).toEqual([])
    client.send(headers(1, request()), headers(3, request()))
    await backend.until(() => answers.length === 2)
    await client.until(() => client.goaways.length === 1)
    expect(client.goaways).toEqual([{ code: NO_ERROR, last: 3 }])
    for (const answer of answers) answer()
    expect(await client.reply(3)).toMatchObject({ status: '200', ended: true })
    await client.untilClosed()
  })

  test('a client that comes while the proxy stops is served what it has sent', async () => {
    const { backend, front } = await scene.http2()
    front.listener.drain()
    const client = await FrameClient.open(front.port)
    client.send(PREFACE, settings({ 1: 0 }), headers(1, request()))
    expect(await client.reply(1)).toMatchObject({ status: '200' })
    await client.untilClosed()
    expect(backend.connections).toHaveLength(1)
  })

  test('closeIdle leaves the busy ones', async () => {
    const { answers, backend, client, front } = await waiting()
    const idle = await front.client()
    await idle.heard()
    client.send(headers(1, request()))
    await backend.until(() => answers.length === 1)
    front.listener.closeIdle()
    await idle.untilClosed()
    expect(idle.goaways[0]).toEqual({ code: NO_ERROR, last: 0 })
    answers[0]()
    expect(await client.reply(1)).toMatchObject({ status: '200' })
  })

  test('kill ends all, and nothing looks whole that is not', async () => {
    const { front } = await scene.http2({}, (connection) => {
      connection.socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
    })
    const client = await front.client()
    client.send(headers(1, request()))
    await client.until(() => client.replies.get(1)?.body === 'abc')
    front.listener.kill()
    await client.untilClosed()
    expect(client.replies.get(1)).toMatchObject({ body: 'abc', ended: false })
    expect(front.test.inflight).toBe(0)
  })
})

describe('proxy-behaviour 3, timeouts of a connection of HTTP/2', () => {
  test('without a request for clientIdle it ends; PINGs are no requests', async () => {
    const { front } = await scene.http2({ timeouts: { clientIdle: 5000 } })
    const client = await front.client()
    client.send(headers(1, request()))
    await client.reply(1)
    await client.heard()
    front.advance(4900)
    await client.heard()
    expect(client.goaways).toEqual([])
    front.advance(200)
    await client.untilClosed()
    expect(client.goaways[0]).toEqual({ code: NO_ERROR, last: 1 })
  })

  test('a head that never ends is no request', async () => {
    const { backend, front } = await scene.http2({ timeouts: { clientIdle: 5000 } })
    const client = await front.client()
    await client.heard()
    const whole = headers(1, request())
    whole[4] = END_STREAM // Without END_HEADERS.
    client.send(whole)
    front.advance(5100)
    await client.untilClosed()
    expect(backend.connections).toHaveLength(0)
  })

  test('without a preface for clientHeader it is closed', async () => {
    const { front } = await scene.http2({ timeouts: { clientHeader: 3000 } })
    const client = await FrameClient.open(front.port)
    client.send(PREFACE.subarray(0, 10))
    await client.until(() => client.frames.length > 0) // The proxy's SETTINGS.
    front.advance(2900)
    expect(client.closed).toBe(false)
    front.advance(200)
    await client.untilClosed()
    expect(front.rejections.map(({ word }) => word)).toEqual(['client_timeout'])
    expect(front.test.proxy.counters.refused).toEqual({ client_timeout: 1 })
  })

  test('a connection whose client does not close its side is closed after a while', async () => {
    const { client, front } = await waiting()
    client.socket.pause()
    client.polite = false
    front.listener.closeIdle()
    front.advance(5100)
    expect(front.sockets.every(({ destroyed }) => destroyed)).toBe(true)
  })
})

test('many streams of one connection count as many requests (proxy-behaviour 6)', async () => {
  const { answers, backend, client, front } = await waiting()
  for (let i = 0; i < 20; i++) client.send(headers(1 + 2 * i, request()))
  await backend.until(() => answers.length === 20)
  expect(front.test.inflight).toBe(20)
  for (const answer of answers) answer()
  await client.reply(39)
  await client.until(() => [...client.replies.values()].every(({ ended }) => ended))
  expect(front.test.inflight).toBe(0)
  expect(front.test.proxy.counters.byClass[2]).toBe(20)
})

test('a stream over the limit is refused with REFUSED_STREAM before the client knows the limit', async () => {
  const { backend, front } = await scene.http2({ limits: { streams: 2 } }, () => {})
  const client = await FrameClient.open(front.port)
  client.polite = false
  client.send(PREFACE, settings({ 1: 0 }))
  for (let i = 0; i < 3; i++) {
    client.send(headers(1 + 2 * i, request('/', [], 'POST'), 0), data(1 + 2 * i, 'x'))
  }
  expect(await client.reply(5)).toMatchObject({ reset: REFUSED_STREAM })
  await backend.until(() => backend.connections.length === 2)
})
