import { describe, expect, test } from 'vitest'
import { CookieJar } from '../../support/cookie-jar.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering } from '../../support/recording-backend.ts'
import { COOKIE, served, SET, useStickyScene } from './sticky-scene.ts'

const scene = useStickyScene()

describe('proxy-behaviour 2, stickiness: cookie', () => {
  for (const strategy of ['round_robin', 'random', 'least_connections', 'rendezvous']) {
    test(`clients stay at the server of their first request, with ${strategy}; the cookie is set once`, async () => {
      const proxy = await scene.byCookie(
        await scene.letters(),
        {},
        { strategy, affinity: { query: 'k' } },
      )
      const homes = new Set<string>()
      for (let client = 0; client < 12; client++) {
        const jar = new CookieJar(proxy.port)
        const first = await jar.get(`/?k=${client}`)
        expect(first.cookies).toEqual([expect.stringMatching(SET)])
        for (let i = 0; i < 4; i++) {
          const next = await jar.get(`/?k=${i}`)
          expect([next.body, next.cookies]).toEqual([first.body, []])
        }
        homes.add(first.body)
      }
      expect(homes.size).toBe(3)
      expect(proxy.proxy.counters.sessions).toEqual({ new: 12, kept: 48 })
      expect(proxy.inflight).toBe(0)
    })
  }

  test('no server sees it, and all else of the client’s cookies stays as it was', async () => {
    const [backend] = await scene.letters('a')
    const proxy = await scene.byCookie([backend])
    const jar = new CookieJar(proxy.port)
    await jar.get()
    const value = jar.cookies.get('at')!
    await jar.get()
    expect(backend.text).not.toMatch(/cookie/i)
    const head = `GET / HTTP/1.1\r\nHost: a\r\nCookie: x="1;2";at=${value}; y=at=3\r\nConnection: close\r\n\r\n`
    await RawClient.exchange(proxy.port, head)
    expect(backend.text).toContain('\r\nCookie: x="1;2"; y=at=3\r\n')
    expect(backend.text).not.toContain(value)
  })

  test('what servers set is untouched, but for a cookie of that name', async () => {
    const own = 'Set-Cookie: sid=1; Path=/x\r\nset-cookie: at=stolen\r\nSet-Cookie: at2=2\r\n'
    const proxy = await scene.byCookie(await scene.letters('a', own))
    const { cookies } = await new CookieJar(proxy.port).get()
    expect(cookies).toEqual(['sid=1; Path=/x', 'at2=2', expect.stringMatching(SET)])
  })

  test('a server that dies is left, for one that stays; the cookie follows', async () => {
    const backends = await scene.letters()
    const proxy = await scene.byCookie(backends)
    const jar = new CookieJar(proxy.port)
    const [home] = await served(jar, 2)
    const before = jar.cookies.get('at')
    await backends['abc'.indexOf(home)].stop()
    const moved = await jar.get()
    expect([moved.status, moved.body === home]).toEqual([200, false])
    expect(moved.cookies).toEqual([expect.stringMatching(SET)])
    expect(jar.cookies.get('at')).not.toBe(before)
    expect(await served(jar, 5)).toBe(moved.body.repeat(5))
    expect(proxy.proxy.counters.sessions).toEqual({ new: 1, kept: 6, moved: 1 })
  })

  test('so is one that is down, removed or in maintenance, before it is tried', async () => {
    const backends = await scene.letters()
    const proxy = await scene.byCookie(backends)
    const { balancer, servers } = proxy.proxy
    for (const out of ['down', 'maint', 'removed']) {
      const jar = new CookieJar(proxy.port)
      const [home] = await served(jar, 1)
      const server = servers.find(home)!
      if (out === 'down') balancer.setHealthy(server, false)
      if (out === 'maint') balancer.setAdmin(server, 'maint')
      if (out === 'removed') proxy.proxy.servers.remove(server)
      const seen = backends['abc'.indexOf(home)].text
      const next = await served(jar, 3)
      expect(next).toBe(next[0].repeat(3))
      expect([next[0] === home, backends['abc'.indexOf(home)].text]).toEqual([false, seen])
      balancer.setHealthy(server, true)
      balancer.setAdmin(server, 'ready')
    }
  })

  test('a cookie of one that is gone for good is answered by another each time it comes, and replaced', async () => {
    const proxy = await scene.byCookie(await scene.letters())
    const jar = new CookieJar(proxy.port)
    const home = (await jar.get()).body
    const old = jar.cookies.get('at')!
    const { servers } = proxy.proxy
    servers.remove(servers.find(home)!)
    for (let i = 0; i < 3; i++) {
      jar.cookies.set('at', old)
      const answer = await jar.get()
      expect(answer.status).toBe(200)
      expect(answer.body).not.toBe(home)
      expect(answer.cookies).toHaveLength(1)
    }
  })

  test('one that drains keeps its sessions, and gets no new ones; with weight 0 likewise', async () => {
    const proxy = await scene.byCookie(await scene.letters())
    const jar = new CookieJar(proxy.port)
    const [home] = await served(jar, 1)
    const server = proxy.proxy.servers.find(home)!
    const news = async (): Promise<string[]> => {
      const all = Array.from({ length: 6 }, () => served(new CookieJar(proxy.port), 1))
      return Promise.all(all)
    }
    for (const way of ['drain', 'weight'] as const) {
      if (way === 'drain') proxy.proxy.balancer.setAdmin(server, 'drain')
      else proxy.proxy.balancer.setWeight(server, 0)
      expect(await served(jar, 3)).toBe(home.repeat(3))
      expect(await news()).not.toContain(home)
      proxy.proxy.balancer.setAdmin(server, 'ready')
      proxy.proxy.balancer.setWeight(server, 1)
    }
    expect(await news()).toContain(home)
  })

  test('a proxy that starts anew with the same secret knows its sessions, one with another does not', async () => {
    const backends = await scene.letters()
    const jars: CookieJar[] = []
    const first = await scene.byCookie(backends)
    for (let i = 0; i < 3; i++) jars.push(new CookieJar(first.port))
    const homes = await Promise.all(jars.map((jar) => served(jar, 1)))
    const again = await scene.byCookie(backends, {}, { seed: 2 })
    for (const [i, old] of jars.entries()) {
      const jar = new CookieJar(again.port)
      jar.cookies.set('at', old.cookies.get('at')!)
      expect(await served(jar, 3)).toBe(homes[i].repeat(3))
    }
    const other = await scene.byCookie(backends, { secrets: ['another-secret-as-long'] })
    const jar = new CookieJar(other.port)
    jar.cookies.set('at', jars[0].cookies.get('at')!)
    expect((await jar.get()).cookies).toEqual([expect.stringMatching(SET)])
    expect(other.proxy.counters.sessions).toEqual({ invalid: 1 })
  })

  test('a secret is replaced without a session being lost: the old one opens, the new one seals', async () => {
    const backends = await scene.letters()
    const jar = new CookieJar((await scene.byCookie(backends)).port)
    const [home] = await served(jar, 1)
    const before = jar.cookies.get('at')
    const secrets = ['a-new-secret-of-some-length', ...COOKIE.secrets]
    const rotating = await scene.byCookie(backends, { secrets })
    const moved = new CookieJar(rotating.port)
    moved.cookies.set('at', before!)
    expect(await served(moved, 2)).toBe(home.repeat(2))
    expect(moved.cookies.get('at')).not.toBe(before)
    const rotated = new CookieJar((await scene.byCookie(backends, { secrets: [secrets[0]] })).port)
    rotated.cookies.set('at', moved.cookies.get('at')!)
    expect(await served(rotated, 1)).toBe(home)
  })
})

describe('proxy-behaviour 2, stickiness: a request of a session', () => {
  const quiet = (): void => {}

  test('waits for its server while that is full, and then gets 503 with its cookie still good', async () => {
    const [a, b] = await scene.letters('ab')
    const proxy = await scene.byCookie([a, b])
    const { balancer, line } = proxy.proxy
    const jar = new CookieJar(proxy.port)
    const [home] = await served(jar, 1)
    const backend = home === 'a' ? a : b
    balancer.setMax(proxy.proxy.servers.find(home)!, 1)
    backend.behaviour = quiet
    const [busy, waits] = [jar.get(), jar.get()]
    await expect.poll(() => [proxy.inflight, line.length]).toEqual([1, 1])
    expect(await served(new CookieJar(proxy.port), 1)).not.toBe(home)
    proxy.advance(5000)
    const answer = await waits
    expect([answer.status, answer.cookies]).toEqual([503, []])
    backend.behaviour = answering(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${home}`)
    backend.connections.at(-1)!.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${home}`)
    await busy
    expect(await served(jar, 1)).toBe(home)
  })

  test('is not hedged: a second server does not have the session', async () => {
    const [a, b] = await scene.letters('ab')
    const proxy = await scene.byCookie([a, b], {}, { hedging: { delay: 20 } })
    const jar = new CookieJar(proxy.port)
    const [home] = await served(jar, 1)
    const backend = home === 'a' ? a : b
    backend.behaviour = quiet
    const slow = jar.get()
    await expect.poll(() => proxy.inflight).toBe(1)
    proxy.advance(1000)
    expect(proxy.inflight).toBe(1)
    backend.connections.at(-1)!.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${home}`)
    expect([(await slow).body, proxy.proxy.counters.retries]).toEqual([home, {}])
  })

  test('stays when a kept connection was just being closed', async () => {
    const [a, b] = await scene.letters('ab')
    const proxy = await scene.byCookie([a, b])
    const jar = new CookieJar(proxy.port)
    const [home] = await served(jar, 2)
    const backend = home === 'a' ? a : b
    const normal = backend.behaviour
    backend.behaviour = ({ socket }) => {
      backend.behaviour = normal
      socket.destroy()
    }
    const next = await jar.get()
    expect([next.body, next.cookies]).toEqual([home, []])
    expect(proxy.proxy.counters.retries).toEqual({ stale_connection: 1 })
  })
})
