import { describe, expect, test } from 'vitest'
import type { EjectionOptions } from '../../../proxy/core/ejection.ts'
import { answerOf, ask, GET, POST, statsOf } from '../../support/asking.ts'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, type Behaviour, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const EJECTION: EjectionOptions = { consecutive: 5, base: 10_000, max: 300_000, share: 0.5 }

const resets: Behaviour = ({ socket }) => socket.resetAndDestroy()
const halfBody: Behaviour = ({ socket }) =>
  socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')

/** How every server is, as `/lb/stats` tells it. */
async function states(proxy: TestProxy): Promise<string[]> {
  return (await statsOf(proxy)).servers.map(({ state, reason }) => `${state}: ${reason}`)
}

describe('section 2: a server that fails five real requests in a row is ejected', () => {
  test.each([502, 503, 504])('if it answers %i, and the reason is told', async (code) => {
    const bad = await scene.backend(answering(answerOf(code)))
    const good = await scene.backend()
    const proxy = await scene.proxy({ servers: [bad.url, good.url], ejection: EJECTION })
    for (let i = 0; i < 20; i++) await ask(proxy)
    expect(bad.text.match(/GET/g)).toHaveLength(5)
    expect(await states(proxy)).toEqual([
      expect.stringMatching(/^ejected: 5 failures in a row \(error\), back in (9|10) s$/),
      'up: ',
    ])
    expect(proxy.inflight).toBe(0)
  })

  test.each<[string, Behaviour]>([
    ['it breaks off', resets],
    ['it breaks off in the middle of the body', halfBody],
    ['its answer is not HTTP', answering('HTTQ/1.1 200 OK\r\n\r\n')],
  ])('if %s', async (_name, behaviour) => {
    const bad = await scene.backend(behaviour)
    const good = await scene.backend()
    const proxy = await scene.proxy({ servers: [bad.url, good.url], ejection: EJECTION })
    for (let i = 0; i < 20; i++) await ask(proxy, POST)
    expect(bad.text.match(/POST/g)).toHaveLength(5)
    expect((await states(proxy))[0]).toMatch(/^ejected: /)
  })

  test('if nobody listens there, and no client sees an error', async () => {
    const servers = [await scene.deadUrl(), (await scene.backend()).url]
    const proxy = await scene.proxy({ servers, ejection: EJECTION })
    for (let i = 0; i < 20; i++) expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect((await states(proxy))[0]).toMatch(/^ejected: 5 failures in a row \(refused\)/)
    expect(proxy.proxy.counters.retries).toEqual({ refused: 5 })
  })

  test('if it is too slow for all of them', async () => {
    const silent = await scene.backend(() => {})
    const good = await scene.backend()
    const proxy = await scene.proxy({ servers: [silent.url, good.url], ejection: EJECTION })
    const asked = Promise.all(Array.from({ length: 10 }, () => ask(proxy)))
    await silent.until(() => silent.text.match(/GET/g)?.length === 5)
    await good.until(() => good.text.match(/GET/g)?.length === 5)
    proxy.advance(15_200)
    await asked
    expect((await states(proxy))[0]).toMatch(/^ejected: 5 failures in a row \(timeout\)/)
  })
})

describe('section 2: a server is not ejected', () => {
  test.each([500, 501, 505, 404])('for answers of %i: somebody is there', async (code) => {
    const { proxy, backend } = await scene.pair({ ejection: EJECTION }, answering(answerOf(code)))
    const other = await scene.backend()
    const both = await scene.proxy({ servers: [backend.url, other.url], ejection: EJECTION })
    for (let i = 0; i < 20; i++) await ask(both)
    expect(backend.text.match(/GET/g)).toHaveLength(10)
    expect(await states(both)).toEqual(['up: ', 'up: '])
    const { error, ok } = (await statsOf(both)).servers[0].total.attempts
    expect([ok, error]).toEqual(code >= 500 ? [0, 10] : [10, 0]) // Still an error to those who count.
    expect(proxy.inflight).toBe(0)
  })

  test('for failures with a success in between, a 500 included', async () => {
    let count = 0
    const moody = await scene.backend(({ socket }) =>
      socket.write(answerOf(++count % 5 === 0 ? 500 : 503)),
    )
    const good = await scene.backend()
    const proxy = await scene.proxy({ servers: [moody.url, good.url], ejection: EJECTION })
    for (let i = 0; i < 40; i++) await ask(proxy)
    expect([count, ...(await states(proxy))]).toEqual([20, 'up: ', 'up: '])
  })

  test('for kept connections that were just being closed, nor for clients that leave', async () => {
    const fickle = await scene.backend(({ socket, text }) => {
      if (text.split('\r\n\r\n').length > 2) socket.destroy()
      else socket.write(OK)
    })
    const good = await scene.backend()
    const proxy = await scene.proxy({
      servers: [fickle.url, good.url],
      ejection: { ...EJECTION, consecutive: 1 },
      retries: { attempts: 1, budget: 1, minPerSecond: 100 },
    })
    for (let i = 0; i < 20; i++) expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.proxy.counters.retries['stale_connection']).toBeGreaterThan(2)
    for (const backend of [fickle, good]) backend.behaviour = () => {}
    for (let i = 0; i < 4; i++) {
      const client = await RawClient.connect(proxy.port)
      const before = fickle.text.length + good.text.length
      client.send(GET)
      await Promise.race(
        [fickle, good].map((backend) =>
          backend.until(() => fickle.text.length + good.text.length > before),
        ),
      )
      client.leave()
    }
    expect(await states(proxy)).toEqual(['up: ', 'up: '])
  })

  test('if that is switched off', async () => {
    const bad = await scene.backend(answering(answerOf(503)))
    const proxy = await scene.proxy({ servers: [bad.url, bad.url] })
    for (let i = 0; i < 20; i++) await ask(proxy)
    expect(await states(proxy)).toEqual(['up: ', 'up: '])
  })
})

test('section 2: the way back is one real request that succeeds; one that fails lasts twice as long', async () => {
  const bad = await scene.backend(answering(answerOf(503)))
  const good = await scene.backend()
  const proxy = await scene.proxy({ servers: [bad.url, good.url], ejection: EJECTION })
  const seen = (): number => bad.text.match(/GET/g)!.length
  for (let i = 0; i < 12; i++) await ask(proxy)
  expect(seen()).toBe(5)
  proxy.advance(10_000)
  expect((await states(proxy))[0]).toMatch(/^checking: 5 failures in a row \(error\), one request/)
  for (let i = 0; i < 12; i++) await ask(proxy)
  expect(seen()).toBe(6)
  expect((await states(proxy))[0]).toMatch(
    /^ejected: failed again \(error\), back in (18|19|20) s$/,
  )
  proxy.advance(20_000)
  bad.behaviour = answering(OK)
  for (let i = 0; i < 12; i++) expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
  expect(await states(proxy)).toEqual(['up: a request succeeded', 'up: '])
  expect(seen()).toBeGreaterThan(10)
})

test('section 2: one that checks took down and found well again is tried before its time is over', async () => {
  const [bad, good] = [await scene.backend(answering(answerOf(503))), await scene.backend()]
  const proxy = await scene.proxy({ servers: [bad.url, good.url], ejection: EJECTION })
  const { balancer } = proxy.proxy
  for (let i = 0; i < 12; i++) await ask(proxy)
  balancer.setHealthy(balancer.servers[0], false, 'connect refused')
  expect((await states(proxy))[0]).toBe('down: connect refused')
  balancer.setHealthy(balancer.servers[0], true, '2 checks passed')
  balancer.tick()
  expect((await states(proxy))[0]).toMatch(/^checking: 5 failures/)
  bad.behaviour = answering(OK)
  for (let i = 0; i < 4; i++) expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
  expect((await states(proxy))[0]).toBe('up: a request succeeded')
})

describe('section 2: panic', () => {
  async function three(panic: number, ejection: EjectionOptions | false = false) {
    const backends = [await scene.backend(), await scene.backend(), await scene.backend()]
    const proxy = await scene.proxy({ servers: backends.map(({ url }) => url), panic, ejection })
    const { balancer } = proxy.proxy
    const fall = (...which: number[]): void => {
      for (const i of which) balancer.setHealthy(balancer.servers[i], false, 'check failed')
    }
    const counts = (): number[] => backends.map(({ text }) => text.match(/GET/g)?.length ?? 0)
    return { proxy, fall, counts }
  }

  const ready = async ({ url }: TestProxy): Promise<number> =>
    (await fetch(`${url}/lb/ready`)).status

  test('ignores health where fewer servers than that are well, and is told and counted', async () => {
    const { proxy, fall, counts } = await three(0.5)
    fall(0, 1)
    for (let i = 0; i < 9; i++) await ask(proxy)
    expect(counts()).toEqual([3, 3, 3])
    expect((await statsOf(proxy)).panic).toEqual({ now: true, requests: 9 })
    const metrics = await (await fetch(`${proxy.url}/lb/metrics`)).text()
    expect(metrics).toContain('lb_panic 1\n')
    expect(metrics).toContain('lb_panic_picks_total 9\n')
    expect(await ready(proxy)).toBe(200)
  })

  test('tries even where no server is well, but says that it is not ready', async () => {
    const { proxy, fall } = await three(0.5)
    fall(0, 1, 2)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await ready(proxy)).toBe(503)
  })

  test.each([
    ['off', false],
    ['on', EJECTION],
  ] as const)(
    'switched off, with ejection %s: the one that is well gets all; no one well is 503 at once',
    async (_, ejection) => {
      const { proxy, fall, counts } = await three(0, ejection)
      fall(0, 1)
      for (let i = 0; i < 4; i++) await ask(proxy)
      expect(counts()).toEqual([0, 0, 4])
      fall(2)
      expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n[^]*no_server/)
      expect((await statsOf(proxy)).panic).toEqual({ now: false, requests: 0 })
    },
  )
})
