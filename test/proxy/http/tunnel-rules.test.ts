import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { attempts, idle, tunnel } from '../../support/tunnels.ts'
import { HANDSHAKE, switching } from '../../support/upgrading.ts'

const scene = useScene()

describe('proxy-behaviour 3: deadlines of a tunnel', () => {
  test('the 101 is due like any head', async () => {
    const { proxy, backend } = await scene.pair({ retries: { attempts: 0 } }, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(HANDSHAKE)
    await backend.until(() => backend.text !== '')
    proxy.advance(15_200)
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 504 [^]*"upstream_timeout"/)
  })

  test('then only silence ends it, in both directions, after tunnelIdle', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client, server } = await tunnel(proxy, backend)
    for (let hour = 0; hour < 5; hour++) {
      proxy.advance(3_599_000)
      server.write(`hour ${hour}.`)
      await client.receive(`hour ${hour}.`)
    }
    proxy.advance(3_600_000)
    expect(proxy.inflight).toBe(1)
    proxy.advance(200)
    expect(proxy.inflight).toBe(0)
    await client.untilClosed()
    await backend.until(() => server.destroyed)
    expect(attempts(proxy)).toEqual({ aborted: 1 })
  })

  test('a client that leaves before the 101 is aborted, and the server hears of it', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(`${HANDSHAKE}and more`)
    await backend.until(() => backend.text !== '')
    client.socket.end()
    await once(backend.connections[0].socket, 'close')
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ aborted: 1 })
  })
})

describe('proxy-behaviour 2: tunnels of a server that is to get no more requests', () => {
  test.each(['drain', 'maint', 'removed'] as const)(
    '%s: they stay for tunnelDrain',
    async (what) => {
      const { proxy, backend } = await scene.pair({}, switching())
      const { client } = await tunnel(proxy, backend)
      const [server] = proxy.proxy.balancer.servers
      if (what === 'removed') proxy.proxy.servers.remove(server)
      else proxy.proxy.balancer.setAdmin(server, what)
      proxy.advance(300_000)
      client.send('still')
      await client.receive('still')
      expect(server.inflight).toBe(1)
      proxy.advance(200)
      expect(server.inflight).toBe(0)
      await client.untilClosed()
    },
  )

  test('a server that gets requests again keeps them', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client } = await tunnel(proxy, backend)
    const [server] = proxy.proxy.balancer.servers
    proxy.proxy.balancer.setAdmin(server, 'drain')
    proxy.advance(299_000)
    proxy.proxy.balancer.setAdmin(server, 'ready')
    proxy.advance(1000)
    proxy.proxy.balancer.setAdmin(server, 'drain')
    proxy.advance(299_000)
    expect(proxy.inflight).toBe(1)
    client.leave()
  })
})

describe('proxy-behaviour 7: stopping', () => {
  test('tunnels have the grace, and whoever runs the proxy hears how many were cut', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const first = await tunnel(proxy, backend)
    const second = await tunnel(proxy, backend)
    const stopped = proxy.proxy.stop()
    proxy.advance(29_900)
    first.client.send('still')
    await first.client.receive('still')
    proxy.advance(200)
    expect(proxy.inflight).toBe(0)
    expect(proxy.warnings).toEqual(['stopping cut 2 tunnels'])
    await first.client.untilClosed()
    await second.client.untilClosed()
    await stopped
  })

  test('without any it is as quick as ever, and says nothing', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client } = await tunnel(proxy, backend)
    const stopped = proxy.proxy.stop()
    client.leave()
    await stopped
    expect(proxy.warnings).toEqual([])
  })
})

describe('proxy-behaviour 2: a tunnel is in flight until it ends', () => {
  test('a server that is full with tunnels gets no more; whoever waits gets the place of one that ends', async () => {
    const backend = await scene.backend(switching())
    const proxy = await scene.proxy({ servers: [{ url: backend.url, max: 2 }] })
    const first = await tunnel(proxy, backend)
    const second = await tunnel(proxy, backend)
    const third = await RawClient.connect(proxy.port)
    third.send(HANDSHAKE)
    while (proxy.proxy.line.length === 0) await turn()
    expect(backend.connections).toHaveLength(2)
    first.client.leave()
    await third.receive('101 Switching')
    expect(proxy.inflight).toBe(2)
    second.client.leave()
    third.leave()
  })
})

describe('proxy-behaviour 6: what operators see of tunnels', () => {
  test('the access log has a line when it ends: why, how long, and how many bytes', async () => {
    const lines: string[] = []
    const file = join(await mkdtemp(join(tmpdir(), 'evenkeel-')), 'access.log')
    const { proxy, backend } = await scene.pair({ accessLog: { file } }, switching())
    const { client } = await tunnel(proxy, backend)
    client.send('hello')
    await client.receive('hello')
    proxy.advance(3_600_200)
    await client.untilClosed()
    await proxy.proxy.stop()
    lines.push(...(await readFile(file, 'utf8')).trim().split('\n'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0])).toMatchObject({
      status: 101,
      end: 'tunnel_idle',
      outcome: 'aborted',
      bytes_in: 5,
      bytes_out: 5,
      server: 'b1',
      total: 3_600_100,
      attempts: [{ server: 'b1', outcome: 'aborted', total: 0 }],
    })
  })

  test('metrics have how many there are, there were, and their bytes as they pass', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client } = await tunnel(proxy, backend)
    client.send('hello')
    await client.receive('hello')
    const scrape = async (): Promise<string> => {
      const answer = await fetch(`${proxy.url}/lb/metrics`, { headers: { connection: 'close' } })
      return answer.text()
    }
    const during = await scrape()
    expect(during).toContain('lb_tunnels{server="b1"} 1\n')
    expect(during).toContain('lb_tunnels_total{server="b1"} 1\n')
    expect(during).toContain('lb_tunnel_bytes_total{server="b1",direction="in"} 5\n')
    expect(during).toContain('lb_tunnel_bytes_total{server="b1",direction="out"} 5\n')
    client.leave()
    await idle(proxy)
    const after = await scrape()
    expect(after).toContain('lb_tunnels{server="b1"} 0\n')
    expect(after).toContain('lb_tunnels_total{server="b1"} 1\n')
    expect(after).toContain('lb_requests_total{code_class="1xx"} 1\n')
  })
})
