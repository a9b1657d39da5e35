import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { answerOf, GET, POST } from '../../support/asking.ts'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import type { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const SERVERS = 3

/** What may happen; numbers choose among those who are there. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom('GET', 'POST'), who: fc.nat() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom('200', '500', '503', 'reset', 'half', 'interim'),
      who: fc.nat(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('leave'), who: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('200 ms'), who: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('5000 ms'), who: fc.nat() }) },
)

async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** What each server has in flight, and how many attempts there are that are not over: the same, and never beyond a limit. */
function check({ proxy }: TestProxy): void {
  const { servers } = proxy.balancer
  const running = proxy['active']['exchanges'].flatMap(({ tries }) =>
    tries.attempts.filter(({ over }) => !over),
  )
  for (const server of servers) {
    const mine = running.filter((attempt) => attempt.server === server)
    expect(mine).toHaveLength(server.inflight)
    expect(server.inflight).toBeLessThanOrEqual(server.max)
  }
  const waiting = proxy['active']['exchanges'].filter(({ tries }) => tries.waitingSince >= 0)
  expect(waiting).toHaveLength(proxy.line.length)
}

async function play(
  proxy: TestProxy,
  backends: readonly RecordingBackend[],
  steps: readonly { what: string; who: number }[],
): Promise<{ sent: number; waited: number }> {
  let waited = 0
  const clients: RawClient[] = []
  for (const { what, who } of steps) {
    const open = backends.flatMap(({ connections }) =>
      connections.filter(({ socket, text }) => !socket.destroyed && text !== ''),
    )
    const socket = open[who % Math.max(1, open.length)]?.socket
    if (what === 'GET' || what === 'POST') {
      const client = await RawClient.connect(proxy.port)
      client.send(what === 'GET' ? GET : POST)
      clients.push(client)
    } else if (what === 'leave') clients[who % Math.max(1, clients.length)]?.leave()
    else if (what.endsWith('ms')) proxy.advance(Number.parseInt(what))
    else if (what === 'reset') socket?.resetAndDestroy()
    else if (what === 'half') socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')
    else if (what === 'interim') socket?.write('HTTP/1.1 103 Early\r\nA: b\r\n\r\n')
    else socket?.write(answerOf(Number(what)))
    await settle()
    check(proxy)
    waited += proxy.proxy.line.length
  }
  for (const client of clients) client.leave()
  return { sent: clients.length, waited }
}

test('the books of a proxy balance, whatever mix of failures, hedges, waiting and leaving clients', async () => {
  const seen = { waited: 0, hedged: 0, retried: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      async (steps) => {
        const backends: RecordingBackend[] = []
        for (let i = 0; i < SERVERS; i++) backends.push(await scene.backend(() => {}))
        const proxy = await scene.proxy({
          servers: backends.map(({ url }, i) => ({ url, max: 1 + (i >> 1) })),
          strategy: 'least_connections',
          hedging: { delay: 200 },
          queue: { length: 3, timeout: 5000 },
          ejection: { consecutive: 2, base: 2000, max: 4000, share: 0.7 },
          panic: 0.3,
        })
        const { sent, waited } = await play(proxy, backends, steps)
        const { balancer, counters, line, series } = proxy.proxy
        while (proxy.proxy['active']['exchanges'].length > 0) await settle()
        const { requests, retries, servers } = series.total()
        expect([proxy.inflight, line.length, requests.count]).toEqual([0, 0, sent])
        // Every attempt is a first one, a retry or a hedge, and ended once.
        const attempts = servers.reduce((sum, { attempts: { count } }) => sum + count, 0)
        const picks = balancer.servers.reduce((sum, server) => sum + balancer.picksOf(server), 0)
        const again = Object.values(counters.retries).reduce((sum, count) => sum + count, 0)
        expect(attempts).toBe(picks + retries)
        expect(retries).toBeLessThanOrEqual(again)
        const told = OUTCOMES.reduce((sum, outcome) => sum + requests.outcomes[outcome], 0)
        expect(told).toBe(sent)
        seen.hedged += counters.retries['hedge'] ?? 0
        seen.retried += retries
        seen.waited += waited
        await scene.end()
      },
    ),
    { numRuns: 40, seed: 5 },
  )
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20)
})
