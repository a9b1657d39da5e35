import { once } from 'node:events'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RawClient } from '../support/raw-client.ts'
import { answering, OK } from '../support/recording-backend.ts'
import { ids, serversOf, useReloading } from '../support/reloading.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const reloading = useReloading(scene)

describe('proxy-behaviour 1, reload: servers', () => {
  it('come, go with their last request, and change in place', async () => {
    const [one, two] = [await scene.backend(() => {}), await scene.backend()]
    const a = `id: a, url: "${one.url}"`
    const { again, proxy } = await reloading.start(serversOf(`${a}, weight: 2`))
    const [server] = proxy.proxy.balancer.servers
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await one.until(() => one.text !== '')
    expect((await again(serversOf(`${a}, weight: 3, max: 5, backup: true`))).said).toEqual([
      'servers: changed a',
      'kept round_robin: the configuration says so still',
    ])
    expect(proxy.proxy.balancer.servers).toEqual([server])
    expect([server.weight, server.max, server.backup, server.inflight]).toEqual([3, 5, true, 1])
    const { said } = await again(serversOf(`id: b, url: "${two.url}"`))
    expect(said[0]).toBe('servers: added b; removed a')
    expect(ids(proxy)).toEqual(['b'])
    one.connections[0].socket.write(OK)
    await client.receive('ok')
    proxy.advance(100)
    expect(server.slot).toBe(-1)
    client.send(GET)
    await two.until(() => two.text !== '')
  })

  it('that stay keep their turn, their history and their counts', async () => {
    const backends = [await scene.backend(), await scene.backend(), await scene.backend()]
    const lines = backends.map(({ url }, i) => `id: s${i + 1}, url: "${url}"`)
    const { again, proxy } = await reloading.start(serversOf(...lines))
    const ask = (): Promise<string> =>
      RawClient.exchange(proxy.port, GET.replace('a\r\n', 'a\r\nConnection: close\r\n'))
    const asked = (): number[] => backends.map(({ text }) => text.split('GET ').length - 1)
    await ask()
    await ask()
    const { said } = await again(`${serversOf(...lines)}timeouts: { response: 9s }\n`)
    expect(said).not.toContain('servers')
    const turns = asked()
    await ask()
    // Round robin begins anywhere, and three turns in a row are of three servers.
    expect(asked()).not.toEqual(turns)
    expect(asked()).toEqual([1, 1, 1])
    const { servers } = proxy.proxy.series.total()
    expect(servers.map(({ attempts }) => attempts.outcomes.ok)).toEqual([1, 1, 1])
    expect(servers.map(({ attempts }) => attempts.latency?.count)).toEqual([1, 1, 1])
  })

  it('that are added later have to be found well by checks first', async () => {
    const backend = await scene.backend()
    const list = (...names: string[]): string =>
      `accessLog: off\nservers:\n${names.map((id) => `  - { id: ${id}, url: "${backend.url}" }\n`).join('')}`
    const { again, proxy } = await reloading.start(list('a'))
    await again(list('a', 'b'))
    expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toEqual(['up', 'checking'])
  })

  it('keep what operators have done, until the file says something else', async () => {
    const { again, proxy } = await reloading.start(serversOf('id: a, url: "http://127.0.0.1:1"'))
    const { servers } = proxy.proxy
    servers.steer(servers.find('a')!, { weight: 7, state: 'drain' })
    servers.add({ id: 'own', url: 'http://127.0.0.1:2', weight: 1, backup: false })
    const same = serversOf('id: a, url: "http://127.0.0.1:1"')
    await again(same)
    expect(ids(proxy)).toEqual(['a', 'own'])
    expect(servers.find('a')).toMatchObject({ weight: 7, admin: 'drain' })
    await again(serversOf('id: a, url: "http://127.0.0.1:1", weight: 2'))
    expect(servers.find('a')).toMatchObject({ weight: 2, admin: 'drain' })
  })
})

describe('proxy-behaviour 1, reload: all or nothing', () => {
  it('changes nothing for a bad file, and says path, line and column', async () => {
    const good = serversOf('id: a, url: "http://127.0.0.1:1"')
    const { again, proxy } = await reloading.start(good)
    const bad = `${serversOf('id: b, url: "http://127.0.0.1:1", weight: -3')}strategy: random\n`
    expect(await again(bad)).toEqual({
      ok: false,
      said: [
        `kept round_robin, because of a bad configuration:\n  servers[0].weight must be at least 0, got -3 (${reloading.config}:5:49)`,
      ],
    })
    expect(ids(proxy)).toEqual(['a'])
    expect(proxy.proxy.balancer.strategy.name).toBe('round_robin')
    expect(proxy.proxy.lastReading.ok).toBe(false)
  })

  it('proxy-behaviour 6: lb_config_last_reload_success says whether the latest file was good', async () => {
    const good = serversOf('id: a, url: "http://127.0.0.1:1"')
    const { again, proxy } = await reloading.start(good)
    const shown = async (): Promise<string | undefined> => {
      const text = await (await fetch(`${proxy.url}/lb/metrics`)).text()
      return /^lb_config_last_reload_success (\d)$/m.exec(text)?.[1]
    }
    expect(await shown()).toBe('1')
    await again('servers: none')
    expect(await shown()).toBe('0')
    await again(good)
    expect(await shown()).toBe('1')
  })

  it('changes nothing where one part of it cannot be', async () => {
    const a = 'id: a, url: "http://127.0.0.1:1"'
    const { again, proxy } = await reloading.start(serversOf(a))
    const next = serversOf(a, 'id: b, url: "http://127.0.0.1:1"').replace(
      'accessLog: off',
      `accessLog: ${join(reloading.folder, 'none', 'log')}`,
    )
    const { ok, said } = await again(`${next}strategy: random\n`)
    expect(ok).toBe(false)
    expect(said[0]).toContain('ENOENT')
    expect(ids(proxy)).toEqual(['a'])
    expect(proxy.proxy.balancer.strategy.name).toBe('round_robin')
  })

  it('changes nothing where there is no room for the servers', async () => {
    const { again, proxy } = await reloading.start(serversOf('id: a, url: "http://127.0.0.1:1"'))
    const many = Array.from({ length: 1025 }, (_, i) => `id: s${i}, url: "http://127.0.0.1:1"`)
    const { ok, said } = await again(serversOf(...many))
    expect([ok, said]).toEqual([
      false,
      ['kept round_robin: no room for 1025 more servers, only for 1023'],
    ])
    expect(ids(proxy)).toEqual(['a'])
  })
})

describe('proxy-behaviour 1, reload: the other settings', () => {
  it('hold for what comes then, and a request under way keeps those that it began with', async () => {
    const backend = await scene.backend(() => {})
    const a = `id: a, url: "${backend.url}"`
    const { again, proxy } = await reloading.start(`${serversOf(a)}timeouts: { response: 5s }\n`)
    const [old, young] = [await RawClient.connect(proxy.port), await RawClient.connect(proxy.port)]
    old.send(GET)
    await backend.until(() => backend.connections.length === 1)
    const { said } = await again(
      `${serversOf(a)}timeouts: { response: 1s }\nlimits: { target: 10 }\ntrustedProxies: [127.0.0.1]\n`,
    )
    expect(said[0]).toBe('changed: timeouts, limits, trustedProxies')
    young.send('GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n')
    await backend.until(() => backend.connections[1]?.text.includes('\r\n\r\n'))
    expect(backend.connections[1].text.toLowerCase()).toContain(
      'x-forwarded-for: 203.0.113.9, 127.0.0.1',
    )
    proxy.advance(1200)
    await young.receive('504')
    expect(old.text).toBe('')
    proxy.advance(4000)
    await old.receive('504')
    const third = await RawClient.connect(proxy.port)
    third.send('GET /longer-than-ten HTTP/1.1\r\nHost: a\r\n\r\n')
    await third.receive('414')
    expect(proxy.inflight).toBe(0)
  })

  it('close connections to servers that have carried what they carry, if those are to have other times', async () => {
    const backend = await scene.backend(() => {})
    const a = `id: a, url: "${backend.url}"`
    const { again, proxy } = await reloading.start(serversOf(a))
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await backend.until(() => backend.text !== '')
    await again(`${serversOf(a)}timeouts: { upstreamIdle: 2s, clientIdle: 5s }\n`)
    backend.connections[0].socket.write(OK)
    await client.receive('ok')
    const { socket } = backend.connections[0]
    if (!socket.closed) await once(socket, 'close')
    backend.behaviour = answering(OK)
    client.send(GET)
    await client.until(() => client.text.match(/200 OK/g)?.length === 2)
    expect(client.text).toContain('Keep-Alive: timeout=5')
    expect(backend.connections).toHaveLength(2)
  })

  it('open the access log anew, so that the old file can be moved away; no line is lost', async () => {
    const backend = await scene.backend()
    const log = join(reloading.folder, 'access.log')
    const logged = serversOf(`id: a, url: "${backend.url}"`).replace('off', log)
    const { again, proxy } = await reloading.start(logged)
    const client = await RawClient.connect(proxy.port)
    for (const [count, file] of [
      [1, log],
      [2, `${log}.1`],
    ] as const) {
      client.send(GET)
      await client.until(() => client.text.match(/200 OK/g)?.length === count)
      if (file !== log) {
        renameSync(log, file)
        await again(logged)
        expect(existsSync(log)).toBe(true)
      }
    }
    client.send(GET)
    await client.until(() => client.text.match(/200 OK/g)?.length === 3)
    client.leave()
    await proxy.proxy.stop()
    const lines = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1
    expect([lines(`${log}.1`), lines(log)]).toEqual([2, 1])
  })

  it('move the eyes, and close and open them', async () => {
    const a = serversOf('id: a, url: "http://127.0.0.1:1"')
    const { again, proxy } = await reloading.start(a)
    const status = async (path: string) => (await fetch(proxy.url + path)).status
    expect(await status('/lb/health')).toBe(200)
    await again(`${a}stats: { prefix: /eyes }\n`)
    expect([await status('/lb/health'), await status('/eyes/health')]).toEqual([502, 200])
    await again(`${a}stats: false\n`)
    expect(await status('/eyes/health')).toBe(502)
    await again(a)
    expect(await status('/lb/health')).toBe(200)
  })

  it('switch checks off, which takes nobody for ill any more, and on', async () => {
    const backend = await scene.backend()
    const a = `accessLog: off\nservers: [{ id: a, url: "${backend.url}" }]\n`
    const { again, proxy } = await reloading.start(a)
    const [server] = proxy.proxy.balancer.servers
    proxy.proxy.balancer.setHealthy(server, false, 'for a test')
    await again(`${a}health: false\n`)
    expect(server.state).toBe('up')
    await again(`${a}health: { path: /well, interval: 1s }\n`)
    proxy.advance(1200)
    await backend.until(() => backend.text.includes('GET /well'))
  })
})
