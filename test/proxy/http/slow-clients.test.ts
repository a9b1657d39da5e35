import { expect, describe, test } from 'vitest'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { understanding } from '../../support/wire.ts'

/** proxy-behaviour 5: many clients that are slow on purpose, in each way that slowhttptest knows, while others want to be served. */
const scene = useScene()
const MANY = 100
const NEXT = 'GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

async function crowd(proxy: TestProxy, bytes: string): Promise<RawClient[]> {
  const clients = await Promise.all(
    Array.from({ length: MANY }, () => RawClient.connect(proxy.port)),
  )
  for (const client of clients) client.send(bytes)
  return clients
}

async function expectService(proxy: TestProxy): Promise<void> {
  expect(await RawClient.exchange(proxy.port, NEXT)).toMatch(/^HTTP\/1\.1 200 /)
}

async function gone(clients: readonly RawClient[]): Promise<string[]> {
  await Promise.all(clients.map((client) => client.untilClosed()))
  return clients.map(({ text }) => text.slice(0, 12))
}

describe('proxy-behaviour 5: slow clients', () => {
  test('that drip their heads take no server, and are told 408 when the time for a head is over', async () => {
    const { backend, proxy } = await scene.pair(
      { timeouts: { clientHeader: 400 } },
      understanding(OK),
    )
    const clients = await crowd(proxy, 'GET / HTTP/1.1\r\nHost: a\r\nX')
    await expectService(proxy)
    for (const client of clients) client.send('-') // A byte more buys no time.
    expect(new Set(await gone(clients))).toEqual(new Set(['HTTP/1.1 408']))
    expect(backend.text).not.toContain('GET / ')
    await expectService(proxy)
  })

  test('that drip their bodies are waited for between two bytes, and then told 408', async () => {
    const { proxy } = await scene.pair({}, understanding(OK))
    const clients = await crowd(proxy, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx')
    while (proxy.inflight < MANY) await new Promise((resolve) => setImmediate(resolve))
    await expectService(proxy)
    proxy.advance(30_200)
    expect(new Set(await gone(clients))).toEqual(new Set(['HTTP/1.1 408']))
    expect(proxy.inflight).toBe(0)
    await expectService(proxy)
  })

  test('that do not read their answers hold a bounded part of each, and are cut when they have stood still', async () => {
    let written = 0
    const piece = Buffer.alloc(1 << 16, 'x')
    const behaviour = understanding(OK)
    const { proxy } = await scene.pair({}, (connection, chunk) => {
      const { socket, text } = connection
      if (text.includes('/next')) return behaviour(connection, chunk)
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`)
      const more = (): void => {
        do written += piece.length
        while (socket.writable && socket.write(piece))
      }
      socket.on('drain', more)
      more()
    })
    const clients = await crowd(proxy, '')
    for (const client of clients) client.socket.pause()
    for (const client of clients.slice(0, 10)) client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    let before = -1
    while (before !== written || proxy.inflight < 10) {
      before = written
      for (let i = 0; i < 300; i++) await new Promise((resolve) => setImmediate(resolve))
    }
    await expectService(proxy)
    // The systems of both sides keep some megabytes of each; the proxy keeps no more than a few pieces.
    expect(written / 10).toBeLessThan(16 << 20)
    proxy.advance(60_200)
    while (proxy.inflight > 0) await new Promise((resolve) => setImmediate(resolve))
    await expectService(proxy)
    for (const client of clients) client.leave()
  })
})
