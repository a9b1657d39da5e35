import { expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { understanding } from '../../support/wire.ts'

const scene = useScene()

/** As many as one packet of 64 KiB has, and more. */
const FLOOD = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(4000)
const CLIENTS = 20

test('section 5: many clients that pipeline by the thousand are cut off before they fill memory, and nobody else is', async () => {
  const { backend, proxy } = await scene.pair({}, () => {})
  const few = await RawClient.connect(proxy.port)
  few.send('GET /few HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10))
  await backend.until(() => backend.text.includes('/few'))
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => RawClient.connect(proxy.port)),
  )
  for (const client of clients) client.send(FLOOD)
  const cut = (): RawClient[] => clients.filter(({ closed }) => closed)
  // Each that is cut off gives back what it had: those who are left have come in.
  while (cut().length === 0 || proxy.inflight < 1 + CLIENTS - cut().length) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(proxy.proxy.counters.refused['flood']).toBe(cut().length)
  expect(cut().length).toBeLessThan(CLIENTS)
  expect(few.closed).toBe(false)

  backend.behaviour = understanding(OK)
  for (const connection of backend.connections) connection.socket.write(OK)
  await few.until(() => few.text.split('\r\n\r\nok').length === 11)
  for (const client of clients) client.leave()
  while (proxy.open > 1) await new Promise((resolve) => setImmediate(resolve))

  // And the room is there again: alone, each may have as many.
  for (let i = 0; i < CLIENTS; i++) {
    const alone = await RawClient.connect(proxy.port)
    alone.send(FLOOD)
    await alone.until(() => alone.text.includes('\r\n\r\nok') || alone.closed)
    expect(alone.closed).toBe(false)
    alone.leave()
  }
})
