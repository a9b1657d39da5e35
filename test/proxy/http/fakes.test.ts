import { expect, test } from 'vitest'
import { counts, put, start, timers } from '../../backends/fakes.ts'
import { ask, statsOf } from '../../support/asking.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const EJECTION = { consecutive: 5, base: 10_000, max: 300_000, share: 0.5 }

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

/** The proxy in front of the lab's own servers. */
test('section 2: a fake in an outage is ejected and comes back; one that fails every request with 500 is not', async () => {
  const [one, two] = [await start({ SERVER_ID: 'b1' }), await start({ SERVER_ID: 'b2' })]
  const proxy = await scene.proxy({ servers: [one.url, two.url], ejection: EJECTION })
  const states = async (): Promise<string[]> =>
    (await statsOf(proxy)).servers.map(({ state }) => state)
  await put(two, { failureRate: 1 })
  for (let i = 0; i < 20; i++) await ask(proxy, GET)
  expect(await states()).toEqual(['up', 'up'])
  await put(two, { failureRate: 0 })
  await put(one, { outage: true })
  for (let i = 0; i < 20; i++) await ask(proxy, GET)
  expect(await states()).toEqual(['ejected', 'up'])
  await put(one, { outage: false })
  proxy.advance(10_000)
  for (let i = 0; i < 4; i++) expect(await ask(proxy, GET)).toMatch(/^HTTP\/1\.1 200 /)
  expect(await states()).toEqual(['up', 'up'])
})

test('section 2: requests to a slow fake with a limit wait in the proxy, not in the fake', async () => {
  const slow = await start({ MIN_LATENCY: '100', MAX_LATENCY: '100' })
  const proxy = await scene.proxy({ servers: [{ url: slow.url, max: 2 }] })
  const asked = Array.from({ length: 6 }, () => ask(proxy, GET))
  await counts(slow, { serving: 2, served: 0 })
  while (proxy.proxy.line.length < 4) await new Promise((resolve) => setImmediate(resolve))
  for (let served = 2; served <= 6; served += 2) {
    expect(proxy.inflight).toBe(2)
    timers.advance(100)
    await counts(slow, { served, serving: Math.min(2, 6 - served) })
  }
  for (const text of await Promise.all(asked)) expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect([proxy.inflight, proxy.proxy.line.length]).toEqual([0, 0])
})

test('section 2: a client of a slow fake has its answer from another, by a hedge', async () => {
  const slow = await start({ SERVER_ID: 'b1', MIN_LATENCY: '5000', MAX_LATENCY: '5000' })
  const quick = await start({ SERVER_ID: 'b2' })
  const servers = [slow.url, quick.url]
  const proxy = await scene.proxy({ servers, strategy: 'first', hedging: { delay: 100 } })
  const client = await RawClient.connect(proxy.port)
  client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n')
  await counts(slow, { serving: 1 })
  proxy.advance(100)
  expect(await client.receive('"b2"')).toMatch(/^HTTP\/1\.1 200 /)
  await counts(slow, { serving: 0, abandoned: 1 })
  client.leave()
})
