import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import type { TlsSettings } from '../../../proxy/listen-settings.ts'
import { GET, statsOf } from '../../support/asking.ts'
import { Authority, type Certificate } from '../../support/certificates.ts'
import { portOf, type TestProxy, type TestSettings, testSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { connectTls, sessionOf, type TlsClient } from '../../support/tls-client.ts'

const scene = useScene()
const authority = await Authority.start()
const first = await authority.issue(['a.test', 'www.a.test'])
const wild = await authority.issue(['*.wild.test', 'wild.test'])
const exact = await authority.issue(['www.wild.test'])

const pair = ({ certFile: cert, keyFile: key }: Certificate) => ({ cert, key })

function tlsWith(settings: Partial<TlsSettings> = {}): TlsSettings {
  return { certificates: [pair(first)], minVersion: '1.2', http2: true, ...settings }
}

/** The first place is for those who look at the figures. */
async function start(tls: Partial<TlsSettings> = {}, settings: Partial<TestSettings> = {}) {
  const plain = { host: '127.0.0.1', port: 0, proxyProtocol: false }
  return scene.pair({ listen: [plain, { ...plain, tls: tlsWith(tls) }], ...settings })
}

const securePort = (proxy: TestProxy): number => portOf([proxy.places[1]])

async function enter(proxy: TestProxy, options: ConnectionOptions = {}): Promise<TlsClient> {
  return connectTls(securePort(proxy), { ca: authority.own.cert, ...options })
}

async function refused(proxy: TestProxy): Promise<Record<string, number>> {
  return (await statsOf(proxy)).connections.refused
}

describe('issue 5, protocols: TLS in front', () => {
  test('carries requests, and the backend learns that they came by https', async () => {
    const { backend, proxy } = await start()
    const { client } = await enter(proxy)
    client.send(GET)
    expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
    client.send(GET)
    await client.until(() => client.text.split('\r\n\r\nok').length === 3)
    client.leave()
    expect(backend.text.match(/X-Forwarded-Proto: .*/g)).toEqual([
      'X-Forwarded-Proto: https',
      'X-Forwarded-Proto: https',
    ])
  })

  test('streams bodies both ways', async () => {
    const size = 1_000_000
    const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${'y'.repeat(size)}`
    const { backend, proxy } = await start()
    backend.behaviour = (connection) => {
      if (connection.text.endsWith('x'.repeat(size))) connection.socket.write(answer)
    }
    const { client } = await enter(proxy)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    client.send('x'.repeat(size))
    await client.until(() => client.text.length > size || client.closed)
    await client.until(() => client.text.endsWith(`\r\n\r\n${'y'.repeat(size)}`))
    client.leave()
  })

  test.each([
    ['www.a.test', 'www.a.test'],
    ['wild.test', 'wild.test'],
    ['x.wild.test', '*.wild.test'],
    ['X.WILD.TEST', '*.wild.test'],
    ['www.wild.test', 'DNS:www.wild.test'],
    ['x.y.wild.test', 'a.test'],
    ['nobody.test', 'a.test'],
    ['', 'a.test'],
  ])('has for %j the certificate of %s', async (servername, name) => {
    const certificates = [pair(first), pair(wild), pair(exact)]
    const { proxy } = await start({ certificates })
    const checkServerIdentity = () => undefined
    const { client, names } = await enter(proxy, { servername, checkServerIdentity })
    client.leave()
    expect(names).toContain(name)
  })

  test('goes by the names that are given in place of those in the certificate', async () => {
    const { proxy } = await start({
      certificates: [pair(first), { ...pair(wild), names: ['other.test'] }],
    })
    const namesFor = async (servername: string): Promise<string> => {
      const checkServerIdentity = () => undefined
      const { client, names } = await enter(proxy, { servername, checkServerIdentity })
      client.leave()
      return names
    }
    expect(await namesFor('other.test')).toContain('wild.test')
    expect(await namesFor('wild.test')).toContain('a.test')
  })

  test('speaks HTTP/1.1 with who does not ask for anything, and with who prefers it', async () => {
    const { proxy } = await start()
    const silent = await enter(proxy)
    expect(silent.socket.alpnProtocol).toBe(false)
    const asking = await enter(proxy, { ALPNProtocols: ['http/1.1', 'h2'] })
    for (const { client } of [silent, asking]) {
      client.send(GET)
      if (client === silent.client) await client.receive('\r\n\r\nok')
      client.leave()
    }
  })

  test('speaks HTTP/2 with who wants it (RFC 7540, section 3.3)', async () => {
    const { backend, proxy } = await start()
    const session = connectHttp2(`https://127.0.0.1:${securePort(proxy)}`, {
      ca: authority.own.cert,
      servername: 'a.test',
    })
    const stream = session.request({ ':path': '/x', ':authority': 'a.test' })
    const [head] = (await once(stream, 'response')) as [{ ':status': number }]
    expect(head[':status']).toBe(200)
    expect(session.alpnProtocol).toBe('h2')
    expect(backend.text).toContain('X-Forwarded-Proto: https\r\n')
    session.destroy()
    await scene.until(() => proxy.open === 0)
  })

  test('offers no HTTP/2 where that is switched off', async () => {
    const { proxy } = await start({ http2: false })
    const { client, socket } = await enter(proxy, { ALPNProtocols: ['h2', 'http/1.1'] })
    client.leave()
    expect(socket.alpnProtocol).toBe('http/1.1')
  })

  test('refuses who speaks no protocol of ours (RFC 7301, section 3.2)', async () => {
    const { proxy } = await start()
    await expect(enter(proxy, { ALPNProtocols: ['spdy/1'] })).rejects.toThrow(/alert.*120|protocol/)
    expect(await refused(proxy)).toEqual({ tls: 1 })
  })

  test.each([
    ['TLSv1.1', 'TLSv1.2', false],
    ['TLSv1.2', 'TLSv1.2', true],
    ['TLSv1.2', 'TLSv1.3', false],
    ['TLSv1.3', 'TLSv1.3', true],
  ] as const)('speaks %s where at least %s is wanted: %s', async (version, least, works) => {
    const minVersion = least === 'TLSv1.3' ? '1.3' : '1.2'
    const { proxy } = await start({ minVersion })
    const options = { minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' }
    const attempt = enter(proxy, options).then(({ client, socket }) => {
      const spoken = socket.getProtocol()
      client.leave()
      return spoken
    })
    if (works) expect(await attempt).toBe(version)
    else await expect(attempt).rejects.toThrow(/version/)
  })

  test.each(['AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'AES256-GCM-SHA384'])(
    'has no %s: without forward secrecy or with CBC',
    async (cipher) => {
      const { proxy } = await start()
      const options = { ciphers: `${cipher}@SECLEVEL=0`, maxVersion: 'TLSv1.2' as const }
      await expect(enter(proxy, options)).rejects.toThrow(/handshake failure/)
    },
  )

  test('lets the client choose among its ciphers', async () => {
    const { proxy } = await start()
    const preferred = 'ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256'
    const { client, socket } = await enter(proxy, { ciphers: preferred, maxVersion: 'TLSv1.2' })
    const { name } = socket.getCipher()
    client.leave()
    expect(name).toBe('ECDHE-RSA-CHACHA20-POLY1305')
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('takes up sessions again, in %s', async (version) => {
    const { proxy } = await start()
    const before = await enter(proxy, { maxVersion: version })
    const session = await sessionOf(before)
    const after = await enter(proxy, { maxVersion: version, session })
    expect([before.socket.isSessionReused(), after.socket.isSessionReused()]).toEqual([false, true])
    for (const { client } of [before, after]) client.leave()
  })

  test('takes up no session any more when its keys have had their hour', async () => {
    const { proxy } = await start()
    const before = await enter(proxy)
    const session = await sessionOf(before)
    proxy.advance(3_600_000)
    const after = await enter(proxy, { session })
    const again = await enter(proxy, { session: await sessionOf(after) })
    expect([after, again].map(({ socket }) => socket.isSessionReused())).toEqual([false, true])
    for (const { client } of [before, after, again]) client.leave()
  })
})

describe('proxy-behaviour 5, bad input: where a handshake should be', () => {
  test.each([
    ['a request in plain HTTP', GET],
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + 'noise'.repeat(200)],
  ])('%s is closed, counted, and nothing of it reaches a backend', async (_name, text) => {
    const { backend, proxy } = await start()
    const client = await RawClient.connect(securePort(proxy))
    client.send(text)
    await client.untilClosed()
    expect(client.text).not.toContain('HTTP/')
    expect(await refused(proxy)).toEqual({ tls: 1 })
    expect(backend.connections).toEqual([])
    // It serves on.
    const good = await enter(proxy)
    good.client.send(GET)
    await good.client.receive('\r\n\r\nok')
    good.client.leave()
  })

  test('silence is closed after timeouts.clientHeader', async () => {
    const { proxy } = await start({}, { timeouts: { clientHeader: 2000 } })
    const client = await RawClient.connect(securePort(proxy))
    await scene.until(() => proxy.open === 1)
    proxy.advance(1900)
    expect(proxy.open).toBe(1)
    proxy.advance(200)
    await client.untilClosed()
    expect(await refused(proxy)).toEqual({ tls_timeout: 1 })
  })

  test('a reload that shortens timeouts.clientHeader holds for those who are waited for', async () => {
    const { proxy } = await start()
    const client = await RawClient.connect(securePort(proxy))
    await scene.until(() => proxy.open === 1)
    const settings = testSettings({ servers: [], timeouts: { clientHeader: 2000 } })
    proxy.proxy.prepare({ settings }).commit()
    proxy.advance(2100)
    await client.untilClosed()
    expect(await refused(proxy)).toEqual({ tls_timeout: 1 })
  })

  test('who only looks whether the port is open is no fault', async () => {
    const { proxy } = await start()
    const socket = connect(securePort(proxy), '127.0.0.1')
    await scene.until(() => proxy.open === 1)
    socket.destroy()
    await scene.until(() => proxy.open === 0)
    expect(await refused(proxy)).toEqual({})
  })

  test('who leaves in the middle of it leaves nothing behind', async () => {
    const { proxy } = await start()
    const client = await RawClient.connect(securePort(proxy))
    client.send('\x16\x03\x01')
    await scene.until(() => proxy.open === 1)
    client.leave()
    await scene.until(() => proxy.open === 0)
    expect(await refused(proxy)).toEqual({ tls: 1 })
  })
})

describe('proxy-behaviour 7, stopping: with TLS', () => {
  test('ends when the last client has gone, and closes handshakes that are under way', async () => {
    const { proxy } = await start()
    const silent = await RawClient.connect(securePort(proxy))
    const idle = await enter(proxy)
    await scene.until(() => proxy.open === 2)
    const stopped = proxy.proxy.stop()
    proxy.advance(1200)
    await stopped
    await silent.untilClosed()
    await idle.client.untilClosed()
    expect(proxy.open).toBe(0)
  })
})
