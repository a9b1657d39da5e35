import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK, type RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { GET } from '../../support/asking.ts'
import { ACCEPTED, HANDSHAKE } from '../../support/upgrading.ts'

const scene = useScene()

/** Of a client, of a backend's connection, or of the operator; numbers choose among those who are there. */
const CLIENT = ['ask', 'ask', 'ask', 'get', 'send', 'end', 'reset', 'leave'] as const
const SERVER = ['accept', 'accept', 'accept', 'refuse', 'other', 'say', 'end', 'reset'] as const
const OPERATOR = ['drain', 'ready', 'a minute', 'an hour'] as const
const step = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...CLIENT), fc.nat(), fc.constant('client')) },
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...SERVER), fc.nat(), fc.constant('server')) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...OPERATOR), fc.nat(), fc.constant('us')) },
)

async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** What each server has in flight is what its attempts say that are not over; what is a tunnel, what the counts say. */
function check({ proxy }: TestProxy): void {
  const exchanges = proxy['active']['exchanges']
  for (const server of proxy.balancer.servers) {
    const mine = exchanges.flatMap(({ tries }) =>
      tries.attempts.filter((attempt) => attempt.server === server && !attempt.over),
    )
    expect(mine).toHaveLength(server.inflight)
    expect(server.inflight).toBeLessThanOrEqual(server.max)
    const tunnels = exchanges.filter(
      ({ tries, tunnel }) => tunnel !== undefined && tries.chosen?.server === server,
    )
    expect(proxy.counters.tunnels.of(server).open).toBe(tunnels.length)
  }
}

function act(client: RawClient | undefined, what: (typeof CLIENT)[number]): void {
  if (what === 'send') client?.send('some bytes')
  else if (what === 'end') client?.socket.end()
  else if (what === 'reset') client?.socket.resetAndDestroy()
  else if (what === 'leave') client?.leave()
}

function answer({ socket }: RecordingBackend['connections'][number], what: string): void {
  if (what === 'accept') socket.write(ACCEPTED)
  else if (what === 'refuse') socket.write('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno')
  else if (what === 'other') socket.write(ACCEPTED.replace('websocket', 'irc'))
  else if (what === 'say') socket.write('word')
  else if (what === 'end') socket.end()
  else socket.resetAndDestroy()
}

test('the books balance whatever clients, servers and operators do with tunnels, and all end at 0', async () => {
  const seen = { opened: 0, ok: 0, aborted: 0, error: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }),
      async (steps) => {
        const backends = [await scene.backend(() => {}), await scene.backend(() => {})]
        for (const backend of backends) {
          backend.behaviour = (received) => {
            if (!/upgrade: websocket/i.test(received.text)) answering(OK)(received, Buffer.alloc(0))
          }
        }
        const proxy = await scene.proxy({
          servers: backends.map(({ url }) => ({ url, max: 3 })),
          strategy: 'least_connections',
          hedging: { delay: 200 },
          queue: { length: 2, timeout: 5000 },
          ejection: { consecutive: 2, base: 2000, max: 4000, share: 0.7 },
        })
        const clients: RawClient[] = []
        for (const [what, who, side] of steps) {
          const connections = backends.flatMap((backend) =>
            backend.connections.filter(({ socket, text }) => !socket.destroyed && text !== ''),
          )
          const { balancer } = proxy.proxy
          if (what === 'ask' || what === 'get') {
            const client = await RawClient.connect(proxy.port)
            client.send(what === 'ask' ? HANDSHAKE : GET)
            clients.push(client)
          } else if (side === 'client') {
            act(clients[who % Math.max(1, clients.length)], what)
          } else if (side === 'server') {
            if (connections.length > 0) answer(connections[who % connections.length], what)
          } else if (what === 'a minute' || what === 'an hour') {
            proxy.advance(what === 'a minute' ? 60_000 : 600_000)
          } else balancer.setAdmin(balancer.servers[who % 2], what)
          await settle()
          check(proxy)
        }
        for (const client of clients) client.leave()
        while (proxy.proxy['active']['exchanges'].length > 0) await settle()
        check(proxy)
        const { requests, servers } = proxy.proxy.series.total()
        expect([proxy.inflight, requests.count]).toEqual([0, clients.length])
        const told = OUTCOMES.reduce((sum, outcome) => sum + requests.outcomes[outcome], 0)
        expect(told).toBe(clients.length)
        for (const { id, attempts } of servers) {
          seen.opened += proxy.proxy.counters.tunnels.snapshot()[id]?.opened ?? 0
          seen.ok += attempts.outcomes.ok
          seen.aborted += attempts.outcomes.aborted
          seen.error += attempts.outcomes.error
        }
        await scene.end()
      },
    ),
    { numRuns: 30, seed: 7 },
  )
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(20)
})
