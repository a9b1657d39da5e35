import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { GET, statsOf } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { portOf, type TestProxy, type TestSettings, testSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import type { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const authority = await Authority.start()
const certificate = await authority.issue(['a.test'])

const PLACE = { host: '127.0.0.1', port: 0, proxyProtocol: true }
const PLAIN = { host: '127.0.0.1', port: 0, proxyProtocol: false }
const LINE = 'PROXY TCP4 203.0.113.7 192.0.2.1 56324 80\r\n'
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'
const BLOCK = `${SIGNATURE}\x21\x11\0\x0c\xcb\0\x71\x07\xc0\0\x02\x01\xdc\x04\0\x50`
const LOCAL = `${SIGNATURE}\x20\0\0\0`

const FORWARDED = 'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n'
const TLS = {
  certificates: [{ cert: certificate.certFile, key: certificate.keyFile }],
  minVersion: '1.2' as const,
  http2: false,
}

function start(
  settings: Partial<TestSettings> = {},
): Promise<{ proxy: TestProxy; backend: RecordingBackend }> {
  // The first place is for those who look at the figures.
  return scene.pair({ listen: [PLAIN, PLACE], trustedProxies: ['127.0.0.0/8'], ...settings })
}

async function enter(proxy: TestProxy): Promise<RawClient> {
  return RawClient.connect(portOf([proxy.places[1]]))
}

/** Speaks TLS over what is open. */
function secure({ socket }: RawClient): Promise<RawClient> {
  socket.removeAllListeners('data')
  const over = connectTls({ socket, ca: authority.own.cert, servername: 'a.test' })
  return RawClient.over(over, 'secureConnect')
}

async function refused(proxy: TestProxy): Promise<Record<string, number>> {
  return (await statsOf(proxy)).connections.refused
}

describe('proxy-behaviour, the PROXY protocol: the client is who the header says', () => {
  test.each([
    ['version 1', LINE, '203.0.113.7'],
    ['version 2', BLOCK, '203.0.113.7'],
    ['version 1, IPv6', 'PROXY TCP6 2001:DB8::0:7 2001:db8::1 1 2\r\n', '2001:db8::7'],
    ['UNKNOWN: the peer', 'PROXY UNKNOWN\r\n', '127.0.0.1'],
    ['LOCAL: the peer', LOCAL, '127.0.0.1'],
  ])('%s', async (_name, header, address) => {
    const { backend, proxy } = await start()
    const client = await enter(proxy)
    client.send(header + GET)
    await client.receive('\r\n\r\nok')
    client.send(GET)
    await client.until(() => client.text.split('\r\n\r\nok').length === 3)
    client.leave()
    expect(backend.text.match(/X-Forwarded-For: .*/g)).toEqual([
      `X-Forwarded-For: ${address}`,
      `X-Forwarded-For: ${address}`,
    ])
    expect(backend.text).not.toMatch(/PROXY|QUIT/)
  })

  test('and his word about others is not believed, since he is no proxy of ours', async () => {
    const { backend, proxy } = await start()
    const client = await enter(proxy)
    client.send(LINE + FORWARDED)
    await client.receive('\r\n\r\nok')
    client.leave()
    expect(backend.text).toContain('X-Forwarded-For: 203.0.113.7\r\n')
  })

  test.each([
    ['UNKNOWN', 'PROXY UNKNOWN\r\n'],
    ['LOCAL', LOCAL],
  ])('nor that of whoever is behind %s, though the peer is trusted', async (_name, header) => {
    const { backend, proxy } = await start({ listen: [PLAIN, PLACE, { ...PLACE, tls: TLS }] })
    const client = await enter(proxy)
    client.send(header + FORWARDED)
    await client.receive('\r\n\r\nok')
    client.leave()
    const below = await RawClient.connect(portOf([proxy.places[2]]))
    below.send(header)
    const above = await secure(below)
    above.send(FORWARDED)
    await above.receive('\r\n\r\nok')
    above.leave()
    // The same peer, of its own accord.
    const plain = await RawClient.connect(proxy.port)
    plain.send(FORWARDED)
    await plain.receive('\r\n\r\nok')
    plain.leave()
    expect(backend.text.match(/X-Forwarded-For: .*/g)).toEqual([
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-For: 9.9.9.9, 127.0.0.1',
    ])
  })

  test('and goes by that to servers that are chosen by address', async () => {
    const first = await scene.backend()
    const second = await scene.backend()
    const { proxy } = await start({
      servers: [first.url, second.url],
      strategy: { name: 'rendezvous' },
    })
    for (let i = 0; i < 32; i++) {
      const client = await enter(proxy)
      client.send(`PROXY TCP4 203.0.113.${i} 192.0.2.1 1 80\r\n${GET}`)
      await client.receive('\r\n\r\nok')
      client.leave()
    }
    // By the peer's address all of them would go to one.
    expect(first.text).not.toBe('')
    expect(second.text).not.toBe('')
  })

  test.each([
    ['version 1', LINE],
    ['version 2', BLOCK],
  ])('%s, with a break after any byte of header and request', async (_name, header) => {
    const { backend, proxy } = await start()
    const bytes = header + GET
    for (let at = 1; at < bytes.length; at++) {
      const client = await enter(proxy)
      client.send(bytes.slice(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      client.send(bytes.slice(at))
      expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
      client.leave()
    }
    const all = backend.text.match(/X-Forwarded-For: .*/g)!
    expect(new Set(all)).toEqual(new Set(['X-Forwarded-For: 203.0.113.7']))
    expect(all).toHaveLength(bytes.length - 1)
  })

  test('byte by byte', async () => {
    const { backend, proxy } = await start()
    const client = await enter(proxy)
    for (const byte of LINE + GET) {
      client.send(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await client.receive('\r\n\r\nok')
    client.leave()
    expect(backend.text).toContain('X-Forwarded-For: 203.0.113.7\r\n')
  })

  test('also where TLS follows the header', async () => {
    const { backend, proxy } = await start({ listen: [PLAIN, { ...PLACE, tls: TLS }] })
    const below = await enter(proxy)
    below.send(BLOCK)
    const client = await secure(below)
    client.send(GET)
    expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
    client.leave()
    expect(backend.text).toContain('X-Forwarded-For: 203.0.113.7\r\n')
    expect(backend.text).toContain('X-Forwarded-Proto: https\r\n')
  })

  test('and a head that is too long is told from a target that is', async () => {
    const { proxy } = await start({ limits: { headSize: 1000, target: 100 } })
    const target = await enter(proxy)
    target.send(`${LINE}GET /${'x'.repeat(2000)}`)
    expect(await target.receive('\r\n\r\n')).toMatch(/^HTTP\/1\.1 414 /)
    const head = await enter(proxy)
    head.send(`${LINE}GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2000)}\r\n\r\n`)
    expect(await head.receive('\r\n\r\n')).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('proxy-behaviour, the PROXY protocol: nobody else gets in', () => {
  test('a peer that is not trusted is closed before it can say anything', async () => {
    const { backend, proxy } = await start({ trustedProxies: ['192.0.2.0/24'] })
    const client = await enter(proxy)
    client.send(LINE + GET)
    await client.untilClosed()
    expect(client.text).toBe('')
    expect(backend.connections).toEqual([])
    expect(await refused(proxy)).toEqual({ untrusted_peer: 1 })
  })

  test.each([
    ['a request without a header', GET],
    ['a header of nonsense', `PROXY TCP4 nonsense\r\n${GET}`],
    ['a line too long', `PROXY UNKNOWN ${'x'.repeat(100)}\r\n${GET}`],
    ['another version', BLOCK.replace('\x21', '\x31') + GET],
  ])('%s is closed, and nothing of it is passed on', async (_name, text) => {
    const { backend, proxy } = await start()
    const client = await enter(proxy)
    client.send(text)
    await client.untilClosed()
    expect(client.text).toBe('')
    expect(backend.connections).toEqual([])
    expect(await refused(proxy)).toEqual({ proxy_header: 1 })
  })

  test('a header that does not come in time is not waited for', async () => {
    const { proxy } = await start({ timeouts: { clientHeader: 2000 } })
    const client = await enter(proxy)
    client.send(LINE.slice(0, 20))
    await scene.until(() => proxy.open === 1)
    proxy.advance(1900)
    expect(proxy.open).toBe(1)
    proxy.advance(200)
    await client.untilClosed()
    expect(await refused(proxy)).toEqual({ proxy_timeout: 1 })
  })

  test('a reload that shortens timeouts.clientHeader holds for those who are waited for', async () => {
    const { proxy } = await start()
    const client = await enter(proxy)
    await scene.until(() => proxy.open === 1)
    const settings = testSettings({ servers: [], timeouts: { clientHeader: 2000 } })
    proxy.proxy.prepare({ settings }).commit()
    proxy.advance(2100)
    await client.untilClosed()
    expect(await refused(proxy)).toEqual({ proxy_timeout: 1 })
  })

  test('a header that breaks off is no header; a port that is only looked at is no fault', async () => {
    const { proxy } = await start()
    const half = await enter(proxy)
    half.send(LINE.slice(0, 20))
    half.socket.end()
    await half.untilClosed()
    const looking = await enter(proxy)
    looking.socket.end()
    await looking.untilClosed()
    expect(await refused(proxy)).toEqual({ proxy_header: 1 })
    await scene.until(() => proxy.open === 0)
  })
})
