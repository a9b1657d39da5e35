import { once } from 'node:events'
import { createServer as createPlainServer } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import type { OwnTls } from '../../../proxy/upstream-settings.ts'
import { ask, GET, POST } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { answering, type Behaviour, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const authority = await Authority.start()
const ca = authority.own.certFile
const good = await authority.issue(['127.0.0.1', '::1', 'app.test'])
const strangers = await Authority.start('Others')
const scene = useScene()

/** For 127.0.0.1, until 2126. */
const SELF_SIGNED = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUKqgP9k3yv/bwVCO15yPPoTMiaOAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJc2VsZi50ZXN0MCAXDTI2MTEyNDEyNDE0MVoYDzIxMjYxMDMx
MTI0MTQxWjAUMRIwEAYDVQQDDAlzZWxmLnRlc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATtmKENxKv9FQKJx7aT7xHNJzXZzoOfr/1ZN3QasOut6s7krQv0K1y6
A1CO2py3lRovj7or51ODXBal8ol+ggm1o2wwajAdBgNVHQ4EFgQU3fqQ86S8fqei
ldJDdfTdjZLZIeswHwYDVR0jBBgwFoAU3fqQ86S8fqeildJDdfTdjZLZIeswGgYD
VR0RBBMwEYcEfwAAAYIJc2VsZi50ZXN0MAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0E
AwIDSAAwRQIgP2wggy7XVwPWxa8uZRgFjnDb3fgtek2ulm9aO4echlYCIQDyKDCc
sJrTxleJ+ft3wPNn/iVSQAjtKd4va6QTCiRxhA==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCg9A/oJ6AmMcDdW2
wEgfd0941K42NgplqRwEq9x+s4KhRANCAATtmKENxKv9FQKJx7aT7xHNJzXZzoOf
r/1ZN3QasOut6s7krQv0K1y6A1CO2py3lRovj7or51ODXBal8ol+ggm1
-----END PRIVATE KEY-----`,
}

async function secure(options: TlsOptions = {}, behaviour?: Behaviour): Promise<RecordingBackend> {
  const { cert = good.cert, key = good.key } = options
  const backend = await RecordingBackend.start(behaviour, 0, { ...options, cert, key })
  scene.atEnd(() => backend.stop())
  return backend
}

async function before(
  backend: RecordingBackend,
  tls: OwnTls = { ca },
  settings: Partial<TestSettings> = {},
): Promise<TestProxy> {
  return scene.proxy({ servers: [{ url: backend.url, tls }], ...settings })
}

const health = { path: '/', interval: 100, timeout: 1000, fall: 1, rise: 1 }

async function passesChecks(backend: RecordingBackend, tls: OwnTls): Promise<void> {
  const proxy = await scene.proxy({ servers: [{ url: backend.url, tls }], health })
  proxy.proxy.servers.add({ id: 'again', url: backend.url, tls, weight: 1, backup: false })
  const server = proxy.proxy.balancer.servers[1]
  while (!server.healthy) await moment(proxy)
  expect(server.reason).toBe('1 checks passed')
  expect(backend.text).toContain('User-Agent: evenkeel-check')
}

async function moment(proxy: TestProxy): Promise<void> {
  proxy.advance(100)
  await new Promise((resolve) => setImmediate(resolve))
}

/** Why a server fails its checks. */
async function reasonAt(backend: { url: string }, tls: OwnTls): Promise<string> {
  const proxy = await scene.proxy({ servers: [{ url: backend.url, tls }], health })
  const [server] = proxy.proxy.balancer.servers
  while (server.reason === '') await moment(proxy)
  return server.reason
}

describe('proxy-behaviour 8, TLS to upstreams is verified unless switched off by name', () => {
  test('a server whose certificate is from the authority in tls.ca is spoken to', async () => {
    const backend = await secure()
    expect(await ask(await before(backend))).toMatch(/^HTTP\/1\.1 200 /)
    expect(backend.text).toMatch(/^GET \/ HTTP\/1\.1\r\n/)
    await passesChecks(backend, { ca })
  })

  test.each<[string, OwnTls, () => Promise<TlsOptions>, string]>([
    ['of nobody we trust', {}, async () => good, 'not trusted: set tls.ca'],
    ['that it signed itself', {}, async () => SELF_SIGNED, 'self-signed certificate: set tls.ca'],
    [
      'of another authority',
      { ca: strangers.own.certFile },
      async () => good,
      'not trusted: set tls.ca',
    ],
    ['that expired', { ca }, () => authority.issue(['127.0.0.1'], -1), 'certificate expired'],
    [
      'of another name',
      { ca },
      () => authority.issue(['other.test']),
      'certificate of another name: set tls.servername',
    ],
    [
      'of another name than tls.servername',
      { ca, servername: 'other.test' },
      async () => good,
      'certificate of another name: set tls.servername',
    ],
  ])('one with a certificate %s gets nothing, and it is said why', async (_, tls, make, reason) => {
    const { cert, key } = await make()
    const backend = await secure({ cert, key })
    const proxy = await before(backend, tls)
    const answer = await ask(proxy, POST)
    expect(answer).toMatch(/^HTTP\/1\.1 502 /)
    const sentence = 'No secure connection to a server came about.'
    expect(answer).toContain(JSON.stringify({ error: 'upstream_tls', message: sentence }))
    expect(answer).not.toContain('127.0.0.1')
    expect(backend.text).toBe('')
    expect(proxy.inflight).toBe(0)
    expect(await reasonAt(backend, tls)).toContain(reason)
    expect(await ask(await before(backend, { ...tls, verify: false }))).toMatch(/ 200 /)
  })

  test('the name that counts is that of the setting, whatever Host a client sends', async () => {
    const backend = await secure(await authority.issue(['evil.test']))
    const proxy = await before(backend)
    expect(await ask(proxy, 'GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n')).toMatch(/ 502 /)
    expect(backend.text).toBe('')
  })

  test('requests for different hosts share a connection, and Host goes on as it came', async () => {
    const names: unknown[] = []
    const backend = await secure({
      SNICallback: (name, done) => {
        names.push(name)
        done(null)
      },
    })
    const proxy = await before(backend, { ca, servername: 'app.test' })
    for (const host of ['a.test', 'b.test', '127.0.0.1:80'])
      expect(await ask(proxy, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/ 200 /)
    expect(backend.connections).toHaveLength(1)
    expect(backend.text.match(/Host: .*/g)).toEqual([
      'Host: a.test',
      'Host: b.test',
      'Host: 127.0.0.1:80',
    ])
    expect(names).toEqual(['app.test'])
  })

  test('a version below minVersion is not spoken', async () => {
    const backend = await secure({ maxVersion: 'TLSv1.2' })
    expect(await ask(await before(backend))).toMatch(/ 200 /)
    expect(await ask(await before(backend, { ca, minVersion: 1.3 }))).toMatch(/upstream_tls/)
    const old = await secure({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    })
    expect(await ask(await before(old))).toMatch(/upstream_tls/)
    expect(await reasonAt(old, { ca })).toBe('no version of TLS in common')
  })

  test('a connection that is made anew resumes the session', async () => {
    const reused: boolean[] = []
    const backend = await secure({}, ({ socket }) => {
      reused.push((socket as unknown as { isSessionReused(): boolean }).isSessionReused())
      socket.end(OK)
    })
    const proxy = await before(backend)
    for (let i = 0; i < 3; i++) {
      expect(await ask(proxy)).toMatch(/ 200 /)
      await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
    }
    expect(reused).toEqual([false, true, true])
  })
})

describe('proxy-behaviour 2, retries: where TLS does not come about nothing was sent', () => {
  test('a POST goes to another server, with its whole body', async () => {
    const bad = await secure(await authority.issue(['127.0.0.1'], -1))
    const fine = await secure()
    const proxy = await scene.proxy({
      servers: [bad.url, fine.url],
      tls: { ca, verify: true, minVersion: 1.2 },
    })
    for (let i = 0; i < 2; i++) expect(await ask(proxy, POST)).toMatch(/ 200 /)
    expect(bad.text).toBe('')
    expect(fine.text.match(/hello$/gm)).toHaveLength(1)
    expect(fine.text.match(/POST/g)).toHaveLength(2)
  })

  test('a server that closes in the handshake is a failed connection', async () => {
    const closing = await scene.backend(({ socket }) => socket.destroy())
    const url = closing.url.replace('http:', 'https:')
    const fine = await secure()
    const tls = { ca, verify: true, minVersion: 1.2 } as const
    const proxy = await scene.proxy({ servers: [url, fine.url], tls })
    expect(await ask(proxy, POST)).toMatch(/ 200 /)
    expect(await ask(proxy, POST)).toMatch(/ 200 /)
    expect(await reasonAt({ url }, { ca })).toBe('TLS handshake broke off')
  })

  test('one that never answers the handshake is given up after timeouts.connect', async () => {
    const silent = createPlainServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    scene.atEnd(() => void silent.close())
    const { port } = silent.address() as { port: number }
    const url = `https://127.0.0.1:${port}`
    const proxy = await scene.proxy({
      servers: [url],
      timeouts: { connect: 100 },
      retries: { attempts: 0 },
    })
    expect(await ask(proxy, POST)).toMatch(/^HTTP\/1\.1 504 [^]*"upstream_connect_timeout"/)
    expect(proxy.inflight).toBe(0)
  })

  test('one that speaks plain HTTP there gets nothing of a request, and it is said why', async () => {
    const plain = await scene.backend(({ socket }) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'))
    const url = plain.url.replace('http:', 'https:')
    const proxy = await scene.proxy({ servers: [{ url, tls: { ca } }] })
    expect(await ask(proxy, POST)).toMatch(/ 502 [^]*"upstream_tls"/)
    expect(plain.text).not.toContain('POST')
    expect(await reasonAt({ url }, { ca })).toBe('server does not speak TLS')
  })
})

describe('a server that wants a certificate of ours', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('gets it, with %s', async (maxVersion) => {
    const mine = await authority.issue(['proxy.test'])
    const backend = await secure({ requestCert: true, ca: authority.own.cert, maxVersion })
    const tls = { ca, cert: mine.certFile, key: mine.keyFile }
    expect(await ask(await before(backend, tls))).toMatch(/ 200 /)
    await passesChecks(backend, tls)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'reads no request without it, with %s: another may have it',
    async (maxVersion) => {
      const strict = await secure({ requestCert: true, ca: authority.own.cert, maxVersion })
      const fine = await secure()
      const proxy = await scene.proxy({
        servers: [strict.url, fine.url],
        tls: { ca, verify: true, minVersion: 1.2 },
        retries: { attempts: 1, minPerSecond: 100 },
      })
      for (let i = 0; i < 4; i++) expect(await ask(proxy, GET)).toMatch(/ 200 /)
      expect(strict.text).toBe('')
      // With TLS 1.3 the server judges it when our handshake is over, and undici tells the end of the connection alone.
      expect(await reasonAt(strict, { ca })).toBe(
        maxVersion === 'TLSv1.3'
          ? 'connection broke'
          : 'server refuses our certificate: set tls.cert and tls.key',
      )
    },
  )
})

test('an address in brackets is spoken to, with a certificate for it', async () => {
  const backend = await RecordingBackend.start(
    answering(OK),
    0,
    { cert: good.cert, key: good.key },
    '::1',
  )
  scene.atEnd(() => backend.stop())
  const url = `https://[::1]:${backend.port}`
  expect(await ask(await scene.proxy({ servers: [{ url, tls: { ca } }] }))).toMatch(/ 200 /)
})
