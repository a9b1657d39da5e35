import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answerOf, GET, POST } from '../../support/asking.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { OK, type RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const PUT = POST.replace('POST', 'PUT')

/** Two silent backends, and a request that went to the first of them; `late`, so that its hedge went to the other. */
async function hedged(
  late: boolean,
  request = GET,
  settings: Partial<TestSettings> = {},
): Promise<{
  proxy: TestProxy
  first: RecordingBackend
  second: RecordingBackend
  client: RawClient
}> {
  const backends = [await scene.backend(() => {}), await scene.backend(() => {})]
  const proxy = await scene.proxy({
    servers: backends.map(({ url }) => url),
    strategy: 'first',
    hedging: { delay: 200 },
    ...settings,
  })
  const [first, second] = backends
  const client = await RawClient.connect(proxy.port)
  client.send(request)
  await first.until(() => first.text.includes('\r\n\r\n'))
  if (request.endsWith('hello')) await first.until(() => first.text.endsWith('hello'))
  if (late) {
    proxy.advance(200)
    await second.until(() => second.text.includes('\r\n\r\n'))
  }
  return { proxy, first, second, client }
}

function say(backend: RecordingBackend, text: string): void {
  backend.connections[0].socket.write(text)
}

const closed = (backend: RecordingBackend): Promise<void> =>
  backend.until(() => backend.connections[0].socket.destroyed)

function outcomes({ proxy }: TestProxy): string[] {
  return proxy.series.total().servers.map(({ attempts }) =>
    Object.entries(attempts.outcomes)
      .filter(([, count]) => count > 0)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(),
  )
}

describe('section 2: a request that is late', () => {
  test('gets a second attempt on another server, and not before', async () => {
    const { proxy, second } = await hedged(false)
    proxy.advance(199)
    expect(proxy.inflight).toBe(1)
    proxy.advance(1)
    await second.until(() => second.text.includes('\r\n\r\n'))
    expect(proxy.inflight).toBe(2)
    expect(proxy.proxy.counters.retries).toEqual({ hedge: 1 })
    proxy.advance(5000)
    expect([proxy.inflight, second.connections.length]).toEqual([2, 1]) // One more at most.
  })

  test.each([
    ['second', GET],
    ['first', GET],
    ['second', PUT],
    ['first', PUT],
  ])(
    'is answered by the %s if that is first, and the other is cancelled: %j',
    async (who, text) => {
      const { proxy, first, second, client } = await hedged(true, text)
      const [winner, loser] = who === 'first' ? [first, second] : [second, first]
      if (text === PUT) await second.until(() => second.text.endsWith('hello'))
      say(winner, 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nwin')
      await client.receive('win')
      expect(proxy.inflight).toBe(1)
      say(loser, answerOf(200).replace('ok', 'no'))
      await closed(loser)
      say(winner, 'ner')
      expect(await client.receive('winner')).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nwinner$/)
      expect(proxy.inflight).toBe(0)
      const expected = who === 'first' ? ['ok 1', 'aborted 1'] : ['aborted 1', 'ok 1']
      expect(outcomes(proxy)).toEqual(expected)
      expect(proxy.proxy.series.total().requests.outcomes).toMatchObject({ ok: 1, aborted: 0 })
      if (text === PUT) for (const { text: got } of [first, second]) expect(got).toMatch(/hello$/)
      client.send(GET) // The connection is as it was.
      await winner.until(() => first.text.length + second.text.length > 2 * text.length + 200)
      client.leave()
    },
  )

  test.each([
    ['first', 'answers 503'],
    ['first', 'answers 500'],
    ['first', 'resets'],
    ['first', 'is too slow'],
    ['second', 'answers 503'],
    ['second', 'resets'],
  ])('waits for the other if of two the %s one %s', async (who, fault) => {
    const { proxy, first, second, client } = await hedged(true)
    const [bad, good] = who === 'first' ? [first, second] : [second, first]
    if (fault === 'resets') bad.connections[0].socket.resetAndDestroy()
    else if (fault === 'is too slow') proxy.advance(14_900)
    else say(bad, answerOf(Number(fault.slice(-3))))
    await closed(bad)
    while (proxy.inflight > 1) await new Promise((resolve) => setImmediate(resolve))
    expect(client.text).toBe('')
    say(good, OK)
    expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.inflight).toBe(0)
    const told = outcomes(proxy)[who === 'first' ? 0 : 1]
    expect(told).toBe(fault === 'is too slow' ? 'timeout 1' : 'error 1')
  })

  test('and fails twice gets the last failure, and no third attempt', async () => {
    const { proxy, first, second, client } = await hedged(true)
    first.connections[0].socket.resetAndDestroy()
    while (proxy.inflight > 1) await new Promise((resolve) => setImmediate(resolve))
    second.connections[0].socket.resetAndDestroy()
    expect(await client.receive('upstream_reset')).toMatch(/^HTTP\/1\.1 502 /)
    expect(proxy.inflight).toBe(0)
    expect(first.connections.length + second.connections.length).toBe(2)
  })

  test('with both of them is 504, and both are blamed', async () => {
    const { proxy, client } = await hedged(true)
    proxy.advance(15_300)
    expect(await client.receive('upstream_timeout')).toMatch(/^HTTP\/1\.1 504 /)
    expect(outcomes(proxy)).toEqual(['timeout 1', 'timeout 1'])
    expect(proxy.inflight).toBe(0)
  })

  test('and whose client leaves gives both back', async () => {
    const { proxy, first, second, client } = await hedged(true)
    client.leave()
    await Promise.all([closed(first), closed(second)])
    expect([proxy.inflight, ...outcomes(proxy)]).toEqual([0, 'aborted 1', 'aborted 1'])
  })

  test('hears of no interim answer while two are under way', async () => {
    const { first, second, client } = await hedged(true)
    say(first, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
    say(second, OK)
    expect(await client.receive('ok')).toMatch(/^HTTP\/1\.1 200 /)
    expect(client.text).not.toContain('103')
    await closed(first)
  })
})

describe('section 2: no second attempt', () => {
  const lateAndAlone = async (given: Awaited<ReturnType<typeof hedged>>): Promise<void> => {
    given.proxy.advance(400)
    expect([given.proxy.inflight, given.second.connections.length]).toEqual([1, 0])
  }

  test('for a POST', async () => lateAndAlone(await hedged(false, POST)))

  test('for an upload that is not here as a whole', async () =>
    lateAndAlone(await hedged(false, PUT.replace(': 5', ': 50'))))

  test('within no budget', async () =>
    lateAndAlone(
      await hedged(false, GET, { retries: { attempts: 1, budget: 0, minPerSecond: 0 } }),
    ))

  test('where that is off', async () => lateAndAlone(await hedged(false, GET, { hedging: false })))

  test('where an interim answer has gone out', async () => {
    const given = await hedged(false)
    say(given.first, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
    await given.client.receive('103')
    await lateAndAlone(given)
  })

  test('where no other server may get it', async () => {
    const given = await hedged(false)
    const { balancer } = given.proxy.proxy
    balancer.setHealthy(balancer.servers[1], false)
    await lateAndAlone(given)
  })

  test('for one that is over', async () => {
    const given = await hedged(false)
    say(given.first, OK)
    await given.client.receive('ok')
    given.proxy.advance(400)
    expect([given.proxy.inflight, given.second.connections.length]).toEqual([0, 0])
  })
})

test('the access log has both attempts, and says which was the hedge and who answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const { proxy, first, second, client } = await hedged(true, GET, { accessLog: { file } })
  say(second, OK)
  await client.receive('ok')
  await closed(first)
  client.leave()
  await proxy.proxy.stop()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    server: 'b2',
    end: 'ok',
    attempts: [
      { server: 'b1', outcome: 'aborted', start: 0, first_byte: -1, total: 200 },
      { server: 'b2', outcome: 'ok', hedge: true, start: 200, total: 0 },
    ],
  })
})

test('after a quantile: a hedge comes when so much of what was seen would have been over', async () => {
  const quick = await scene.backend(({ socket }) => socket.write(OK))
  const spare = await scene.backend(({ socket }) => socket.write(OK))
  const proxy = await scene.proxy({
    servers: [quick.url, spare.url],
    strategy: 'first',
    hedging: { quantile: 0.9 },
  })
  const client = await RawClient.connect(proxy.port)
  for (let i = 1; i <= 120; i++) {
    client.send(GET)
    await client.until(() => client.text.split('\r\n\r\nok').length > i)
  }
  quick.behaviour = () => {}
  client.send(GET)
  await quick.until(() => quick.text.match(/GET/g)!.length === 121)
  proxy.advance(100) // All of them took no time at all.
  await client.until(() => client.text.split('\r\n\r\nok').length > 121)
  expect([spare.text.match(/GET/g)!.length, proxy.inflight]).toEqual([1, 0])
})
