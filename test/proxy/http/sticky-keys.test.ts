import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { StickinessSettings } from '../../../proxy/settings.ts'
import { CookieJar } from '../../support/cookie-jar.ts'
import { useStickyScene } from './sticky-scene.ts'

const scene = useStickyScene()
const CLIENTS = Array.from({ length: 24 }, (_, i) => `client${i}`)

/** How a client says who it is: the path and the fields of its requests. */
type Saying = (client: string) => [path: string, fields: string]

async function homes(port: number, saying: Saying): Promise<string[]> {
  return Promise.all(
    CLIENTS.map(async (client) => (await new CookieJar(port).get(...saying(client))).body),
  )
}

const kinds: [string, StickinessSettings, Saying][] = [
  ['a field', { header: 'x-user' }, (client) => ['/', `X-User: ${client}\r\n`]],
  ['a parameter', { query: 'user' }, (client) => [`/?a=b&user=${client}`, '']],
]

describe.each(kinds)('proxy-behaviour 2, stickiness: by %s', (_, stickiness, saying) => {
  test.each(['round_robin', 'random', 'power_of_two'])(
    'the same client meets the same server with %s, also after a restart, and gets no cookie',
    async (strategy) => {
      const backends = await scene.letters()
      const proxy = await scene.proxy(backends, { stickiness, strategy })
      const first = await homes(proxy.port, saying)
      expect(new Set(first).size).toBe(3)
      for (let i = 0; i < 2; i++) expect(await homes(proxy.port, saying)).toEqual(first)
      const again = await scene.proxy(backends, { stickiness, strategy, seed: 2 })
      expect(await homes(again.port, saying)).toEqual(first)
      expect((await new CookieJar(proxy.port).get(...saying('x'))).cookies).toEqual([])
    },
  )

  test('when a server leaves, only its clients move, and when one comes some move to it', async () => {
    const backends = await scene.letters()
    const proxy = await scene.proxy(backends, { stickiness })
    const first = await homes(proxy.port, saying)
    const { servers } = proxy.proxy
    servers.remove(servers.find('b')!)
    const second = await homes(proxy.port, saying)
    second.forEach((letter, i) => {
      if (first[i] !== 'b') expect(letter).toBe(first[i])
    })
    expect(second).not.toContain('b')
    servers.add({ id: 'b', url: backends[1].url, weight: 1, backup: false })
    expect(await homes(proxy.port, saying)).toEqual(first)
  })

  test('a server that is down is left by its clients, who stay together with their next one', async () => {
    const proxy = await scene.proxy(await scene.letters(), { stickiness })
    const first = await homes(proxy.port, saying)
    const { balancer, servers } = proxy.proxy
    for (const leave of ['down', 'drain']) {
      const server = servers.find('c')!
      if (leave === 'down') balancer.setHealthy(server, false)
      else balancer.setAdmin(server, 'drain')
      const second = await homes(proxy.port, saying)
      expect(second).not.toContain('c')
      expect(await homes(proxy.port, saying)).toEqual(second)
      balancer.setHealthy(server, true)
      balancer.setAdmin(server, 'ready')
      expect(await homes(proxy.port, saying)).toEqual(first)
    }
  })

  test('while no server is there the answer is 503, and afterwards all are where they were', async () => {
    const proxy = await scene.proxy(await scene.letters(), { stickiness })
    const first = await homes(proxy.port, saying)
    const { balancer } = proxy.proxy
    for (const server of balancer.servers) balancer.setAdmin(server, 'maint')
    expect((await new CookieJar(proxy.port).get(...saying('client0'))).status).toBe(503)
    for (const server of balancer.servers) balancer.setAdmin(server, 'ready')
    expect(await homes(proxy.port, saying)).toEqual(first)
  })

  test('a retry goes elsewhere, and so does whoever does not say who he is, by the strategy', async () => {
    const backends = await scene.letters()
    const proxy = await scene.proxy(backends, { stickiness })
    const jar = new CookieJar(proxy.port)
    const [path, fields] = saying('ann')
    const home = (await jar.get(path, fields)).body
    await backends['abc'.indexOf(home)].stop()
    const next = await jar.get(path, fields)
    expect([next.status, next.body === home]).toEqual([200, false])
    expect(proxy.proxy.counters.sessions).toEqual({ kept: 1, moved: 1 })
    const others = [await jar.get(), await jar.get(), await jar.get()].map(({ body }) => body)
    expect(new Set(others).size).toBe(2)
  })
})

test('proxy-behaviour 2, stickiness: by address, one client meets one server, whatever it says', async () => {
  const trustedProxies = ['127.0.0.1']
  const proxy = await scene.proxy(await scene.letters(), { stickiness: 'address', trustedProxies })
  const say = (client: string): [string, string] => [`/?user=${client}`, `X-User: ${client}\r\n`]
  expect(new Set(await homes(proxy.port, say)).size).toBe(1)
  // Behind a proxy of ours it is the client that this one tells of.
  const told = await homes(proxy.port, (client) => [
    '/',
    `X-Forwarded-For: 192.0.2.${client.slice(6)}\r\n`,
  ])
  expect(new Set(told).size).toBe(3)
})

test('section 6: the access log has what became of the session, where sessions stick', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const settings = { stickiness: { query: 'u' }, accessLog: { file } }
  const proxy = await scene.proxy(await scene.letters('a'), settings)
  for (const path of ['/?u=1', '/']) await new CookieJar(proxy.port).get(path)
  await proxy.proxy.stop()
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(told.map(({ session, target }) => [target, session])).toEqual([
    ['/?u=1', 'kept'],
    ['/', 'new'],
  ])
})
