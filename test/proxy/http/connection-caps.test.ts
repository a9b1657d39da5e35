import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../../../proxy/http/peer-address.ts'
import { mostConnections } from '../../../proxy/http/caps.ts'
import { GET, statsOf } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { portOf, type TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { connectTls } from '../../support/tls-client.ts'

const scene = useScene()
const authority = await Authority.start()
const certificate = await authority.issue(['a.test'])
const certificates = [{ cert: certificate.certFile, key: certificate.keyFile }]
const tls = { certificates, minVersion: '1.2' as const, http2: false }
const PLAIN = { host: '127.0.0.1', port: 0, proxyProtocol: false }
const trustedProxies = ['127.0.0.1']

async function idle(proxy: TestProxy, count: number): Promise<RawClient[]> {
  const before = proxy.open
  const clients = await Promise.all(
    Array.from({ length: count }, () => RawClient.connect(proxy.port)),
  )
  await scene.until(() => proxy.open === before + count)
  return clients
}

/** One that does not leave only because the proxy has ended its side. */
function staying(proxy: TestProxy): Promise<RawClient> {
  return RawClient.over(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }))
}

describe('proxy-behaviour 1, limits.connections', () => {
  test('over it a client of plain HTTP gets 503 with Retry-After and is closed, whatever it sent', async () => {
    const { backend, proxy } = await scene.pair({ limits: { connections: 2 } })
    const [first] = await idle(proxy, 2)
    const third = await RawClient.connect(proxy.port)
    third.send(GET)
    await third.receive('too_many_connections')
    third.socket.end()
    await third.untilClosed()
    expect(third.text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
    expect(third.text).toMatch(/\r\nRetry-After: 1\r\n/)
    expect(third.text).toMatch(/\r\nConnection: close\r\n/)
    expect(backend.connections).toEqual([])
    // A place that is free again is given again.
    first.leave()
    await scene.until(() => proxy.open === 1)
    const next = await RawClient.connect(proxy.port)
    next.send(GET)
    expect(await next.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
    next.leave()
    await scene.until(() => proxy.open === 1)
    const { connections } = await statsOf(proxy)
    expect(connections).toEqual({ open: 2, max: 2, refused: { connections: 1 } })
    const metrics = await (await fetch(`${proxy.url}/lb/metrics`)).text()
    expect(metrics).toMatch(/^lb_connections 2$/m)
    expect(metrics).toContain('lb_connections_refused_total{reason="connections"} 1\n')
    expect(metrics).toContain('lb_connections_refused_total{reason="tls_timeout"} 0\n')
  })

  test('a client that neither reads its 503 nor leaves is closed after a second', async () => {
    const { proxy } = await scene.pair({ limits: { connections: 1 } })
    await idle(proxy, 1)
    const second = await staying(proxy)
    await second.receive('too_many_connections')
    proxy.advance(900)
    second.send('x')
    await new Promise((resolve) => setImmediate(resolve))
    expect(second.closed).toBe(false)
    proxy.advance(200)
    second.send('x')
    await second.untilClosed()
  })

  test('in a flood only some are told, and all the others closed', async () => {
    const { proxy } = await scene.pair({ limits: { connections: 1 } })
    await idle(proxy, 1)
    const flood = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const client = await staying(proxy)
        await once(client.socket, 'end')
        return client
      }),
    )
    expect(flood.filter(({ text }) => text.startsWith('HTTP/1.1 503 '))).toHaveLength(32)
    for (const client of flood) client.leave()
  })

  test('over it a client of TLS is closed', async () => {
    const { proxy } = await scene.pair({ limits: { connections: 1 }, listen: [{ ...PLAIN, tls }] })
    await idle(proxy, 1)
    const second = await RawClient.connect(proxy.port)
    await second.untilClosed()
    expect(second.text).toBe('')
  })

  test('is half of the files that may be open, unless it says something else', () => {
    expect(mostConnections('auto', 1024)).toBe(480)
    expect(mostConnections('auto', 20)).toBe(1)
    expect(mostConnections('auto', undefined)).toBe(mostConnections('auto'))
    expect(mostConnections(7, 1024)).toBe(7)
    expect(mostConnections(false, 1024)).toBe(Infinity)
  })
})

describe('proxy-behaviour 1, limits.connectionsPerAddress', () => {
  test('goes by the address in the PROXY header, and others are not concerned', async () => {
    const { proxy } = await scene.pair({
      limits: { connectionsPerAddress: 2 },
      listen: [{ ...PLAIN, proxyProtocol: true }],
      trustedProxies,
    })
    const enter = async (address: string): Promise<RawClient> => {
      const client = await RawClient.connect(proxy.port)
      client.send(`PROXY TCP${address.includes(':') ? 6 : 4} ${address} ${address} 1 1\r\n${GET}`)
      await client.until(() => /\r\n\r\n(ok|\{)/.test(client.text))
      return client
    }
    const statusOf = async (address: string): Promise<string> =>
      (await enter(address)).text.slice(9, 12)
    expect(await statusOf('192.0.2.1')).toBe('200')
    const second = await enter('192.0.2.1')
    expect(await statusOf('192.0.2.1')).toBe('503')
    expect(await statusOf('192.0.2.2')).toBe('200')
    // Of IPv6 a network of 64 bits is one client.
    expect(await statusOf('2001:db8::1')).toBe('200')
    expect(await statusOf('2001:db8::2')).toBe('200')
    expect(await statusOf('2001:db8::3')).toBe('503')
    expect(await statusOf('2001:db8:0:1::3')).toBe('200')
    const { open } = proxy
    second.leave()
    await scene.until(() => proxy.open < open)
    expect(await statusOf('192.0.2.1')).toBe('200')
  })

  test('goes by the peer where there is no header', async () => {
    const { proxy } = await scene.pair({ limits: { connectionsPerAddress: 1 } })
    await idle(proxy, 1)
    const second = await RawClient.connect(proxy.port)
    expect(await second.receive('}\n')).toMatch(/^HTTP\/1\.1 503 /)
    expect(proxy.proxy.counters.turnedAway).toEqual({ connections_per_address: 1 })
  })

  test('knows an address as two numbers, and IPv4 in IPv6 as IPv4', () => {
    expect(networkOf('1.2.3.4')).toEqual([0, 0x01020304])
    expect(networkOf('::ffff:1.2.3.4')).toEqual([0, 0x01020304])
    expect(networkOf('255.0.0.1')).toEqual([0, 0xff000001 | 0])
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toEqual([0x20010db8, 0x00010002])
    expect(networkOf('unix')).toBeUndefined()
  })
})

describe('proxy-behaviour 1, limits: no place is ever lost', () => {
  /** How far a client goes before it leaves, and how. */
  const STAGES = ['connect', 'part of the header', 'header', 'hello', 'secure', 'request', 'answer']

  test('whatever a client has come to when it leaves, by FIN or by RST', async () => {
    const { proxy } = await scene.pair({
      limits: { connectionsPerAddress: 1000, connections: 5 },
      listen: [{ ...PLAIN, proxyProtocol: true, tls }, { ...PLAIN, proxyProtocol: true }, PLAIN],
      trustedProxies,
    })
    const header = 'PROXY TCP4 192.0.2.1 192.0.2.1 1 1\r\n'
    const leave = (client: RawClient, reset: boolean): void => {
      if (reset) client.socket.resetAndDestroy()
      else client.leave()
    }
    const go = async (stage: string, place: number, reset: boolean): Promise<void> => {
      const secure = place === 0
      const below = await RawClient.connect(portOf([proxy.places[place]]))
      if (stage === 'connect') return leave(below, reset)
      if (place < 2) below.send(stage === 'part of the header' ? header.slice(0, 9) : header)
      if (stage === 'part of the header' || stage === 'header') return leave(below, reset)
      if (stage === 'hello' && secure) below.send('\x16\x03\x01\x02')
      if (stage === 'hello') return leave(below, reset)
      const client = secure
        ? (await connectTls(0, { socket: below.socket, ca: authority.own.cert })).client
        : below
      if (stage !== 'secure') client.send(GET)
      if (stage === 'answer') await client.until(() => client.text.length > 0 || client.closed)
      leave(below, reset)
    }
    const visit = fc.tuple(fc.constantFrom(...STAGES), fc.nat(2), fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 8 }), async (visits) => {
        // Those over the limit are turned away, and cannot go as far as they wanted to.
        await Promise.allSettled(visits.map((each) => go(...each)))
        await scene.until(() => proxy.open === 0)
      }),
      { numRuns: 40 },
    )
    expect(proxy.inflight).toBe(0)
    const late = await RawClient.connect(portOf([proxy.places[2]]))
    late.send(GET)
    expect(await late.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
  })
})
