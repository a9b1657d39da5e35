import { once } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Stats } from '../../../proxy/admin/stats.ts'
import { Coordinator } from '../../../proxy/threads/coordinator.ts'
import { Program } from '../../support/program.ts'
import { portOf, testSettings } from '../../support/proxy.ts'
import { until } from '../../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Scene {
  readonly coordinator: Coordinator
  readonly backend: Program
  readonly port: number
  readonly said: string[]
  readonly clients: WebSocket[]
}

/** Two threads before one backend that is a process, and tunnels through them until both threads have some. */
async function begin(timeouts = {}): Promise<Scene> {
  const backend = new Program('test/support/websocket-echo.ts', [])
  const said: string[] = []
  const settings = testSettings({
    servers: [await backend.listening()],
    workers: 2,
    timeouts,
  })
  const coordinator = new Coordinator(settings, {
    say: (message) => said.push(message),
    giveUp: (message) => said.push(message),
  })
  const port = portOf(await coordinator.listen())
  const clients = Array.from({ length: 40 }, () => new WebSocket(`ws://127.0.0.1:${port}/`))
  for (const client of clients) client.on('error', () => {})
  await Promise.all(clients.map((client) => once(client, 'open')))
  return { coordinator, backend, port, said, clients }
}

async function statsOf(port: number): Promise<Stats> {
  const answer = await fetch(`http://127.0.0.1:${port}/lb/stats`, {
    headers: { connection: 'close' },
  })
  return (await answer.json()) as Stats
}

describe('proxy-behaviour 4 with several threads: tunnels are one proxy’s', () => {
  test('all are counted together; a backend that is killed ends them, and its books are at 0', async () => {
    const { backend, clients, coordinator, port } = await begin()
    const [server] = coordinator.balancer.servers
    expect(server.inflight).toBe(40)
    expect((await statsOf(port)).servers[0].tunnels).toBe(40)
    clients[0].send('hello')
    expect(String((await once(clients[0], 'message'))[0])).toBe('hello')
    const closed = Promise.all(clients.map((client) => once(client, 'close')))
    backend.child.kill('SIGKILL')
    await closed
    await until(() => server.inflight === 0)
    const { servers } = await statsOf(port)
    expect(servers[0]).toMatchObject({ tunnels: 0, inFlight: 0 })
    await coordinator.kill()
  })

  test('a thread that dies gives its tunnels back, and nobody counts them for ever', async () => {
    const { backend, clients, coordinator, port } = await begin()
    const [server] = coordinator.balancer.servers
    await statsOf(port) // What each thread has counted is known.
    await coordinator.members.get(0)!.worker.terminate()
    await until(() => clients.some(({ readyState }) => readyState === WebSocket.CLOSED))
    await until(async () => {
      const left = clients.filter(({ readyState }) => readyState === WebSocket.OPEN).length
      const { servers } = await statsOf(port)
      return servers[0].tunnels === left && server.inflight === left && left < 40
    })
    await coordinator.kill()
    backend[Symbol.dispose]()
  })

  test('a drain knows of the tunnels in all threads, and they are cut in all of them', async () => {
    const { backend, clients, coordinator } = await begin({ tunnelDrain: 300 })
    const [server] = coordinator.balancer.servers
    expect(await coordinator.workAt(server)).toMatchObject({ tunnels: 40, tunnelDrain: 300 })
    const closed = Promise.all(clients.map((client) => once(client, 'close')))
    coordinator.servers.steer(server, { state: 'drain' })
    await closed
    await until(() => server.inflight === 0)
    await coordinator.kill()
    backend[Symbol.dispose]()
  })

  test('stopping says in each thread how many were cut', async () => {
    const { backend, clients, coordinator, said } = await begin({ stop: 300 })
    const closed = Promise.all(clients.map((client) => once(client, 'close')))
    await coordinator.stop()
    await closed
    const cut = said.map((line) => /stopping cut (\d+) tunnels? in thread/.exec(line)?.[1])
    expect(cut.reduce((sum, count) => sum + Number(count ?? 0), 0)).toBe(40)
    backend[Symbol.dispose]()
  })
})
