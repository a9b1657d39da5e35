import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ask, GET } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { NameServer } from '../../support/name-server.ts'
import { answering, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useNames } from './names-scene.ts'

const { scene, watch } = useNames()

describe('RFC 2782, DNS discovery of services', () => {
  const SERVICE = '_http._tcp.app.test'
  const srv = (target: string, port: number, priority = 10, weight = 1) =>
    ({ type: 'SRV', name: SERVICE, ttl: 1, data: { priority, weight, port, target } }) as const

  test('ports, weights and priorities are those of the service', async () => {
    const { again, dns, proxy, said } = await watch({ resolve: 'srv', name: SERVICE }, (dns) => {
      const answers = [
        srv('a.test', 9001, 10, 60),
        srv('b.test', 9002, 10, 20),
        srv('c.test', 9003, 20),
      ]
      dns.replies.set(`SRV ${SERVICE}`, { answers })
      for (const [i, name] of ['a.test', 'b.test', 'c.test'].entries())
        dns.has(name, [`127.0.0.${i + 1}`])
    })
    const shown = (): unknown[] =>
      proxy.proxy.balancer.servers.map(({ id, configuredWeight, backup }) => [
        id,
        configuredWeight,
        backup,
      ])
    expect(shown()).toEqual([
      ['app-127.0.0.1:9001', 1, false],
      ['app-127.0.0.2:9002', expect.closeTo(1 / 3, 3), false],
      ['app-127.0.0.3:9003', 1, true],
    ])
    const [first, , third] = proxy.proxy.balancer.servers
    dns.replies.set(`SRV ${SERVICE}`, {
      answers: [srv('a.test', 9001, 10, 5), srv('c.test', 9003, 10, 10), srv('a.test', 9009, 30)],
    })
    await again()
    expect(shown()).toEqual([
      ['app-127.0.0.1:9001', 0.5, false],
      ['app-127.0.0.3:9003', 1, false],
      ['app-127.0.0.1:9009', 1, true],
    ])
    expect(proxy.proxy.balancer.servers.slice(0, 2)).toEqual([first, third])
    expect(said.at(-1)).toBe(`${SERVICE} now has 127.0.0.1:9009, and no longer has 127.0.0.2:9002`)
  })

  test('a target that cannot be looked up stays as it is, and the others are followed', async () => {
    const { again, dns, ids, said } = await watch({ resolve: 'srv', name: SERVICE }, (dns) => {
      dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('a.test', 9001), srv('b.test', 9002)] })
      dns.has('a.test', ['127.0.0.1'])
      dns.has('b.test', ['127.0.0.2'])
    })
    dns.says('b.test', { code: 'SERVFAIL' })
    dns.says('c.test', { code: 'SERVFAIL' })
    dns.has('a.test', ['127.0.0.3'])
    const answers = [srv('a.test', 9001), srv('b.test', 9002), srv('c.test', 9003)]
    dns.replies.set(`SRV ${SERVICE}`, { answers })
    await again()
    expect(ids()).toEqual(['app-127.0.0.2:9002', 'app-127.0.0.3:9001'])
    const why = 'b.test: SERVFAIL, c.test: SERVFAIL'
    expect(said.at(-1)).toBe(`warning: ${SERVICE} does not resolve in part (${why})`)
    // However often that is.
    await again()
    expect(ids()).toHaveLength(2)
    dns.says('b.test', { code: 'NXDOMAIN' })
    dns.has('c.test', ['127.0.0.4'])
    await again()
    expect(ids()).toEqual(['app-127.0.0.3:9001', 'app-127.0.0.4:9003'])
    expect(said.at(-1)).toBe(`${SERVICE} resolves again`)
  })

  test('where no target can be looked up everybody stays', async () => {
    const { again, dns, ids, said } = await watch({ resolve: 'srv', name: SERVICE }, (dns) => {
      dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('a.test', 9001)] })
      dns.has('a.test', ['127.0.0.1'])
    })
    dns.says('a.test', { code: 'SERVFAIL' })
    dns.says('b.test', { code: 'SERVFAIL' })
    dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('b.test', 9002)] })
    for (let i = 0; i < 2; i++) await again()
    expect(ids()).toEqual(['app-127.0.0.1:9001'])
    expect(said.at(-1)).toMatch(/does not resolve \(b\.test: SERVFAIL\): its server stays for now$/)
    // What was known of a target is not forgotten.
    dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('a.test', 9001), srv('c.test', 9003)] })
    dns.has('c.test', ['127.0.0.3'])
    await again()
    expect(ids()).toEqual(['app-127.0.0.1:9001', 'app-127.0.0.3:9003'])
  })

  test('the root as the only target means that there is nobody', async () => {
    const { ids, said } = await watch({ resolve: 'srv', name: SERVICE }, (dns) =>
      dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('.', 0)] }),
    )
    expect(ids()).toEqual([])
    expect(said[0]).toContain('does not resolve')
  })

  test('TLS goes by the name that was configured, not by what the answer says', async () => {
    const authority = await Authority.start()
    const good = await authority.issue(['app.test'])
    const tls = { cert: good.cert, key: good.key }
    const backend = await RecordingBackend.start(answering(OK), 0, tls)
    scene.atEnd(() => backend.stop())
    const { proxy } = await watch(
      { resolve: 'srv', name: SERVICE, scheme: 'https', tls: { ca: authority.own.certFile } },
      (dns) => {
        dns.replies.set(`SRV ${SERVICE}`, { answers: [srv('a.test', backend.port)] })
        dns.has('a.test', ['127.0.0.1'])
      },
    )
    expect(await ask(proxy)).toMatch(/ 200 /)
  })
})

test('addresses that come and go under load lose no request', async () => {
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4']
  let port = 0
  let count = 0
  for (const host of hosts) {
    const server = createServer((_, response) => {
      count++
      setTimeout(() => response.end('ok'), 2)
    })
    server.listen(port, host)
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    scene.atEnd(() => {
      server.close()
      server.closeAllConnections()
    })
  }
  const { again, dns, proxy } = await watch({ port }, (dns) => dns.has('app.test', [hosts[0]]))
  const load = new AbortController()
  let answers = 0
  const clients = Array.from({ length: 8 }, async () => {
    while (!load.signal.aborted) {
      expect(await ask(proxy, GET)).toMatch(/^HTTP\/1\.1 200 /)
      answers++
    }
  })
  for (let i = 0; i < 30; i++) {
    const first = i % hosts.length
    dns.has('app.test', [hosts[first], hosts[(first + 1 + (i % 2)) % hosts.length]])
    await again()
  }
  load.abort()
  await Promise.all(clients)
  expect(answers).toBeGreaterThan(20)
  expect(count).toBe(answers)
  expect(proxy.inflight).toBe(0)
})

describe('names that are to be resolved, when they change', () => {
  const usual = { resolve: 'dns', scheme: 'http', port: 80, weight: 1, backup: false } as const
  const app = { ...usual, id: 'app', name: 'app.test' }
  const other = { ...usual, id: 'other', name: 'other.test' }
  const later = { timeout: 300, minTtl: 1000, maxTtl: 60_000, hold: 30_000 }

  test('who is not named any more goes, who comes is asked for, and who stays stays', async () => {
    const { dns, ids, names, proxy } = await watch({}, (dns) => {
      dns.has('app.test', ['127.0.0.1'])
      dns.has('other.test', ['127.0.0.2'])
    })
    const [staying] = proxy.proxy.balancer.servers
    await names.follow([app, other], { ...later, servers: [dns.place] })
    expect(ids()).toEqual(['app-127.0.0.1:80', 'other-127.0.0.2:80'])
    expect(proxy.proxy.balancer.servers[0]).toBe(staying)
    await names.follow([other], { ...later, servers: [dns.place] })
    expect(ids()).toEqual(['other-127.0.0.2:80'])
    // One that is said otherwise begins anew.
    const following = names.follow([{ ...other, port: 81 }], { ...later, servers: [dns.place] })
    // There is no moment without servers.
    expect(ids()).toEqual(['other-127.0.0.2:80'])
    await following
    expect(ids()).toEqual(['other-127.0.0.2:81'])
    await names.follow([{ ...other, port: 81, weight: 3 }], { ...later, servers: [dns.place] })
    expect(proxy.proxy.balancer.servers.map(({ weight }) => weight)).toEqual([3])
  })

  test('other name servers are asked at once, and those there are stay meanwhile', async () => {
    const { again, dns, ids, names } = await watch({}, (dns) =>
      dns.has('app.test', ['127.0.0.1'], 60),
    )
    const second = await NameServer.start()
    scene.atEnd(() => second.stop())
    second.has('app.test', ['127.0.0.3'])
    await names.follow([app], { ...later, servers: [second.place] })
    expect(ids()).toEqual(['app-127.0.0.1:80'])
    await again()
    expect(ids()).toEqual(['app-127.0.0.3:80'])
    expect(dns.asked).toHaveLength(2)
  })

  test.each(['is not named any more', 'is asked for by nobody, since the proxy ends'])(
    'an answer that comes when the name %s counts no more',
    async (why) => {
      const { dns, ids, names } = await watch({}, (dns) => dns.has('app.test', ['127.0.0.1']))
      dns.has('app.test', ['127.0.0.2'])
      const asked = names['ask'](names['all'][0])
      const over = why.startsWith('is not')
      if (over) await names.follow([], { ...later, servers: [dns.place] })
      else names.stop()
      await asked
      expect(ids()).toEqual(over ? [] : ['app-127.0.0.1:80'])
      expect(names.heard).toBe(1)
    },
  )
})
