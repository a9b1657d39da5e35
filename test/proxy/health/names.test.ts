import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { NameServer } from '../../support/name-server.ts'
import { answering, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useNames } from './names-scene.ts'

const { scene, watch } = useNames()
const authority = await Authority.start()

/** Backends at these addresses, all on one port. */
async function backendsAt(hosts: readonly string[]): Promise<Record<string, RecordingBackend>> {
  const all: Record<string, RecordingBackend> = {}
  let port = 0
  for (const host of hosts) {
    const backend = await RecordingBackend.start(answering(OK), port, undefined, host)
    scene.atEnd(() => backend.stop())
    port = backend.port
    all[host] = backend
  }
  return all
}

describe('proxy-behaviour 2 and 8, DNS discovery of addresses', () => {
  test('every address of a name, of both families, is a server, with an id of name and address', async () => {
    const backends = await backendsAt(['127.0.0.1', '127.0.0.2'])
    const { port } = backends['127.0.0.1']
    const { ids, proxy, said } = await watch({ port }, (dns) =>
      dns.has('app.test', ['127.0.0.1', '127.0.0.2', '::1']),
    )
    expect(ids()).toEqual([`app-127.0.0.1:${port}`, `app-127.0.0.2:${port}`, `app-::1:${port}`])
    expect(said).toEqual([`app.test now has 127.0.0.1:${port}, 127.0.0.2:${port}, [::1]:${port}`])
    for (let i = 0; i < 6; i++) expect(await ask(proxy)).toMatch(/ 200 /)
    expect(backends['127.0.0.1'].text).toContain('GET / ')
    expect(backends['127.0.0.2'].text).toContain('GET / ')
  })

  test('of thousands of addresses the first 256 are used, and that is said once', async () => {
    const many = Array.from({ length: 1500 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
    const { again, dns, ids, said } = await watch({}, (dns) => dns.has('app.test', many, 1))
    const before = ids()
    expect(before).toHaveLength(256)
    dns.has('app.test', many.toReversed(), 1)
    await again()
    expect(ids()).toEqual(before)
    expect(said.filter((line) => line.startsWith('warning'))).toEqual([
      'warning: app.test names 1244 addresses too many: they are not used',
    ])
  })

  test('the answer is asked for again when its time is over, and not before', async () => {
    const { again, dns, names, proxy } = await watch({}, (dns) =>
      dns.has('app.test', ['127.0.0.1'], 5),
    )
    expect(dns.asked.toSorted()).toEqual(['A app.test', 'AAAA app.test'])
    proxy.advance(4900)
    names.tick(proxy.proxy.clock.now)
    expect(dns.asked).toHaveLength(2)
    const before = proxy.proxy.clock.now
    await again()
    expect(proxy.proxy.clock.now - before).toBeLessThanOrEqual(700)
  })

  test('one that leaves finishes what it has, one that stays keeps what is known of it', async () => {
    const backends = await backendsAt(['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    const { port } = backends['127.0.0.1']
    const { again, dns, ids, proxy } = await watch({ port }, (dns) =>
      dns.has('app.test', ['127.0.0.1', '127.0.0.2']),
    )
    const { balancer, servers } = proxy.proxy
    const [leaving, staying] = balancer.servers
    servers.steer(staying, { weight: 7 })
    for (const backend of Object.values(backends)) backend.behaviour = () => {}
    const slow = [ask(proxy), ask(proxy)]
    await backends['127.0.0.1'].until(() => backends['127.0.0.1'].text !== '')
    await backends['127.0.0.2'].until(() => backends['127.0.0.2'].text !== '')
    const slot = staying.slot
    dns.has('app.test', ['127.0.0.3', '127.0.0.2'])
    await again()
    expect(ids()).toEqual([`app-127.0.0.2:${port}`, `app-127.0.0.3:${port}`])
    expect(balancer.servers[0]).toBe(staying)
    expect(staying).toMatchObject({ configuredWeight: 7, slot, inflight: 1 })
    expect(leaving.inflight).toBe(1)
    for (const { connections } of Object.values(backends))
      for (const { socket } of connections) socket.write(OK)
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/ 200 /)
    proxy.advance(100)
    expect(leaving.slot).toBe(-1)
  })

  test('the first are up at once, later ones when checks have found them well', async () => {
    const backends = await backendsAt(['127.0.0.1', '127.0.0.2'])
    const { port } = backends['127.0.0.1']
    const health = { path: '/', interval: 2000, timeout: 1000, fall: 3, rise: 1 }
    const { again, dns, proxy } = await watch(
      { port },
      (dns) => dns.has('app.test', ['127.0.0.1']),
      { health },
    )
    const states = (): string[] => proxy.proxy.balancer.servers.map(({ state }) => state)
    expect(states()).toEqual(['up'])
    dns.has('app.test', ['127.0.0.1', '127.0.0.2'])
    await again()
    expect(states()).toEqual(['up', 'checking'])
    while (states()[1] !== 'up') {
      proxy.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // The check names whom it asks, as virtual hosts need it.
    expect(backends['127.0.0.2'].text).toContain(`host: app.test:${port}\r\n`)
  })

  test('a proxy whose names do not resolve yet answers 503, and serves as soon as they do', async () => {
    const { '127.0.0.1': backend } = await backendsAt(['127.0.0.1'])
    const { again, dns, ids, names, proxy, said } = await watch({ port: backend.port }, () => {})
    expect(ids()).toEqual([])
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*"no_server"/)
    expect(said).toEqual(['warning: app.test does not resolve (NXDOMAIN): it has no servers'])
    expect(names.views).toEqual([
      { name: 'app.test', resolve: 'dns', servers: 0, trouble: 'NXDOMAIN' },
    ])
    dns.has('app.test', ['127.0.0.1'])
    await again()
    expect(await ask(proxy)).toMatch(/ 200 /)
    expect(said.slice(1)).toEqual([
      `app.test now has 127.0.0.1:${backend.port}`,
      'app.test resolves again',
    ])
  })

  test.each<[string, (dns: NameServer) => void]>([
    ['does not exist any more', (dns) => dns.replies.clear()],
    ['has no addresses any more', (dns) => dns.says('app.test', {})],
  ])('a name that %s takes its servers out after a while, not the proxy', async (_, change) => {
    const { '127.0.0.1': backend } = await backendsAt(['127.0.0.1'])
    const { again, dns, ids, proxy } = await watch({ port: backend.port }, (dns) =>
      dns.has('app.test', ['127.0.0.1']),
    )
    change(dns)
    const began = proxy.proxy.clock.now
    await again()
    expect(await ask(proxy)).toMatch(/ 200 /)
    while (ids().length > 0) await again()
    expect(proxy.proxy.clock.now - began).toBeGreaterThanOrEqual(30_000)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 /)
    dns.has('app.test', ['127.0.0.1'])
    await again()
    expect(await ask(proxy)).toMatch(/ 200 /)
  })

  test.each<[string, (dns: NameServer) => void, string]>([
    ['fails', (dns) => dns.says('app.test', { code: 'SERVFAIL' }), 'SERVFAIL'],
    ['refuses', (dns) => dns.says('app.test', { code: 'REFUSED' }), 'REFUSED'],
    ['says nothing', (dns) => dns.says('app.test', undefined), 'timeout'],
    ['answers another question', (dns) => dns.says('app.test', { question: 'b.test' }), 'timeout'],
    ['is gone', (dns) => dns.stop(), 'name server unreachable'],
  ])('a name server that %s changes nothing, and it is said once', async (_, change, reason) => {
    const { again, dns, ids, names, said } = await watch(
      {},
      (dns) => dns.has('app.test', ['127.0.0.1']),
      {},
      { timeout: 50 },
    )
    change(dns)
    if (reason === 'name server unreachable') dns.stop = () => {}
    for (let i = 0; i < 3; i++) await again()
    expect(ids()).toEqual(['app-127.0.0.1:80'])
    expect(names.views).toMatchObject([{ servers: 1, trouble: reason }])
    expect(said.slice(1)).toEqual([
      `warning: app.test does not resolve (${reason}): its server stays for now`,
    ])
  })

  test('where one family cannot be told, its addresses stay and the other is followed', async () => {
    const { again, dns, ids } = await watch({}, (dns) => dns.has('app.test', ['127.0.0.1', '::1']))
    dns.has('app.test', ['127.0.0.2'])
    dns.replies.set('AAAA app.test', { code: 'SERVFAIL' })
    await again()
    expect(ids()).toEqual(['app-::1:80', 'app-127.0.0.2:80'])
  })

  test('aliases are followed, and what belongs to other names is passed over', async () => {
    const { again, dns, ids } = await watch({}, (dns) => {
      const alias = (name: string, data: string) => ({ type: 'CNAME', name, ttl: 3, data }) as const
      const answers = [
        { type: 'A', name: 'evil.test', ttl: 9, data: '127.0.0.9' },
        alias('b.test', 'C.test'),
        { type: 'A', name: 'c.test', ttl: 100, data: '127.0.0.3' },
        alias('app.test', 'b.test'),
      ] as const
      dns.says('app.test', { answers: [...answers] })
    })
    expect(ids()).toEqual(['app-127.0.0.3:80'])
    // An answer is good for as long as the shortest of its parts.
    expect(dns.asked).toHaveLength(2)
    await again()
    expect(dns.asked).toHaveLength(4)
  })

  test('an answer that was cut off is asked for again by TCP', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `127.0.1.${i}`)
    const { dns, ids } = await watch({}, (dns) => {
      dns.has('app.test', many)
      dns.replies.set('A app.test', { ...dns.replies.get('A app.test'), truncated: true })
    })
    expect(ids()).toHaveLength(200)
    expect(dns.asked).toContain('A app.test by TCP')
    // RFC 6891: how long an answer may be that comes by UDP.
    const [opt] = dns.queries[0].additionals as unknown as { udpPayloadSize: number }[]
    expect(opt.udpPayloadSize).toBe(1232)
  })

  test('a name server that does not know EDNS is asked without it (RFC 6891, 6.2.2)', async () => {
    const { dns } = await watch({}, (dns) => dns.says('app.test', { code: 'FORMERR' }))
    expect(dns.queries.map(({ additionals }) => additionals?.length ?? 0)).toContain(0)
  })

  test('more name servers are asked in order, until one knows', async () => {
    const second = await NameServer.start()
    scene.atEnd(() => second.stop())
    const first = await NameServer.start()
    scene.atEnd(() => first.stop())
    first.says('app.test', { code: 'SERVFAIL' })
    second.has('app.test', ['127.0.0.1'])
    const { ids } = await watch({}, () => {}, {}, { servers: [first.place, second.place] })
    expect(first.asked).toHaveLength(2)
    expect(ids()).toEqual(['app-127.0.0.1:80'])
  })

  test('numbers of questions are not to be guessed', async () => {
    const { again, dns } = await watch({}, (dns) => dns.has('app.test', ['127.0.0.1']))
    for (let i = 0; i < 10; i++) await again()
    const numbers = dns.queries.map(({ id }) => id!)
    expect(new Set(numbers).size).toBeGreaterThan(numbers.length - 3)
  })

  test('a name server that there is no way to is passed over, and ends nothing', async () => {
    // Nobody may connect to it without asking to (SO_BROADCAST), wherever the test runs.
    const nowhere = '255.255.255.255'
    const dns = await NameServer.start()
    scene.atEnd(() => dns.stop())
    dns.has('app.test', ['127.0.0.1'])
    const { ids } = await watch({}, () => {}, {}, { servers: [nowhere, dns.place] })
    expect(ids()).toEqual(['app-127.0.0.1:80'])
    const alone = await watch({}, () => {}, {}, { servers: [nowhere] })
    expect(alone.said[0]).toMatch(/does not resolve \(name server unreachable\)/)
  })

  test('one that cannot be added is told of once and tried again, and the others come', async () => {
    const { again, dns, ids, names, proxy, said } = await watch(
      {},
      (dns) => dns.has('app.test', ['127.0.0.1', '127.0.0.2']),
      { servers: [{ id: 'app-127.0.0.1:80', url: 'http://127.0.0.9' }] },
    )
    expect(ids()).toEqual(['app-127.0.0.1:80', 'app-127.0.0.2:80'])
    const why = 'there is already a server "app-127.0.0.1:80"'
    const warning = `warning: app.test: 127.0.0.1:80 is not added (${why}), until that changes`
    expect(said).toEqual([warning, 'app.test now has 127.0.0.2:80'])
    expect(names.views[0].servers).toBe(1)
    await again()
    expect(said).toHaveLength(2)
    const { servers } = proxy.proxy
    servers.remove(servers.find('app-127.0.0.1:80')!)
    await again()
    expect(servers.urlOf(servers.find('app-127.0.0.1:80')!)).toBe('http://127.0.0.1:80')
    expect(said.slice(2)).toEqual(['app.test now has 127.0.0.1:80'])
    dns.has('app.test', ['127.0.0.2'])
    await again()
    expect(ids()).toEqual(['app-127.0.0.2:80'])
  })

  test('a name whose first servers cannot be added begins when they can', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-names-'))
    scene.atEnd(() => rmSync(folder, { recursive: true, force: true }))
    const ca = join(folder, 'gone.crt')
    const prepare = (dns: NameServer): void => dns.has('app.test', ['127.0.0.1'])
    const health = { path: '/up', interval: 60_000, timeout: 1000, fall: 3, rise: 2 }
    const name = { scheme: 'https', tls: { ca } } as const
    const { again, ids, proxy, said } = await watch(name, prepare, { health })
    expect(ids()).toEqual([])
    expect(said).toEqual([
      expect.stringMatching(/^warning: app\.test: 127\.0\.0\.1:80 is not added \(ENOENT/),
    ])
    writeFileSync(ca, authority.own.cert)
    await again()
    expect(ids()).toEqual(['app-127.0.0.1:80'])
    // As at the first boot: without it there would be nobody.
    expect(proxy.proxy.balancer.servers[0].unproven).toBe(false)
  })
})
