import { expect, test } from 'vitest'
import { diesAtReuse } from '../../support/misbehaving-origin.ts'
import { RawClient } from '../../support/raw-client.ts'
import type { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const GET = 'GET /get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const POST = 'POST /post HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello'
const SERVED = /^HTTP\/1\.1 200 /
const KEPT = 6

/** A proxy that keeps that many connections to its only server, which drops each as it is used again. Retries have no budget. */
async function withStale(): Promise<{ backend: RecordingBackend; port: number }> {
  const retries = { budget: 0, minPerSecond: 0 }
  const { backend, proxy } = await scene.pair({ retries }, () => {})
  const clients = Array.from({ length: KEPT }, () => RawClient.exchange(proxy.port, GET))
  await backend.until(() => backend.text.split('\r\n\r\n').length === KEPT + 1)
  backend.behaviour = diesAtReuse
  for (const connection of backend.connections) diesAtReuse(connection, NOTHING)
  for (const answer of await Promise.all(clients)) expect(answer).toMatch(SERVED)
  expect(backend.connections).toHaveLength(KEPT)
  return { backend, port: proxy.port }
}

const NOTHING = Buffer.alloc(0)

test('section 8: the free retry goes to a fresh connection, however many kept ones have gone stale', async () => {
  const { port } = await withStale()
  for (let i = 1; i <= 3 * KEPT; i++) {
    expect(await RawClient.exchange(port, GET), `request ${i}`).toMatch(SERVED)
  }
})

test('section 8: at the same time, too', async () => {
  const { backend, port } = await withStale()
  const clients = Array.from({ length: KEPT }, () => RawClient.exchange(port, GET))
  for (const answer of await Promise.all(clients)) expect(answer).toMatch(SERVED)
  expect(backend.connections.length).toBeLessThanOrEqual(2 * KEPT)
})

test('section 8: a POST whose bytes left on such a connection gets exactly one attempt', async () => {
  const { backend, port } = await withStale()
  expect(await RawClient.exchange(port, POST)).toMatch(/^HTTP\/1\.1 502 /)
  expect(backend.text.match(/POST \/post /g)).toHaveLength(1)
  expect(await RawClient.exchange(port, GET)).toMatch(SERVED)
})
