import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WallOrigin } from '../../proxy/http/wall-origin.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { answering, OK } from '../support/recording-backend.ts'
import { useScene } from '../support/scene.ts'

const scene = useScene()
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('the clock stepping', () => {
  it('changes the time in the access log and nothing else: requests under way and later are answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-clock-'))
    // Whoever asks what time it is gets a day more or less each time.
    const stepping = join(folder, 'stepping.mjs')
    writeFileSync(
      stepping,
      `const now = Date.now; let step = 0
Date.now = () => now() + [0, 86400000, -86400000][step++ % 3]`,
    )
    const log = join(folder, 'log')
    const backend = await scene.backend(() => {})
    const args = ['--backend-servers', backend.url, '--host', '127.0.0.1', '--port', '0']
    using program = new Program('proxy/main.ts', [...args, '--access-log', log, '--no-health'], {
      NODE_OPTIONS: `--import ${stepping}`,
    })
    const port = Number(new URL(await program.listening()).port)
    const slow = await RawClient.connect(port)
    slow.send(GET)
    await backend.until(() => backend.text !== '')
    const [{ socket }] = backend.connections
    backend.behaviour = answering(OK)
    for (let i = 0; i < 20; i++) {
      const client = await RawClient.connect(port)
      client.send(GET)
      await client.receive('ok')
      client.leave()
    }
    expect(slow.closed).toBe(false)
    socket.write(OK)
    await slow.receive('200 OK')
    slow.leave()
    program.child.kill('SIGTERM')
    expect(await program.exit()).toBe(0)
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
    const totals = lines.map((line) => (JSON.parse(line) as { total: number }).total)
    expect(totals).toHaveLength(21)
    expect(totals.every((total) => total >= 0 && total < 60_000)).toBe(true)
    rmSync(folder, { recursive: true })
  })

  it('is followed by what is told of times, but not for what two clocks differ by anyhow', () => {
    let now = 0
    const origin = new WallOrigin(() => now)
    const before = origin.value
    now = 50
    expect(origin.value).toBe(before)
    now = 3_600_000
    expect(origin.value).toBeCloseTo(before - 3_600_000, -3)
  })
})

describe('a machine that was suspended', () => {
  const ejection = { consecutive: 2, base: 10_000, max: 300_000, share: 1 }

  it('wakes to requests that are late, and no server is to blame', async () => {
    const backends = [await scene.backend(() => {}), await scene.backend(() => {})]
    const proxy = await scene.proxy({ servers: backends.map(({ url }) => url), ejection })
    proxy.advance(200)
    const clients = await Promise.all(
      Array.from({ length: 8 }, () => RawClient.connect(proxy.port)),
    )
    for (const client of clients) client.send(GET)
    for (const backend of backends) {
      await backend.until(() => backend.connections.filter(({ text }) => text !== '').length === 4)
    }
    proxy.suspend(600_000)
    for (const client of clients) await client.receive('504')
    expect(proxy.inflight).toBe(0)
    proxy.advance(200)
    expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toEqual(['up', 'up'])
    // What is late from then on counts as ever.
    for (const client of clients) client.send(GET)
    for (const backend of backends) {
      await backend.until(() => backend.connections.filter(({ text }) => text !== '').length === 8)
    }
    proxy.advance(15_200)
    for (const client of clients) await client.until(() => client.text.match(/504/g)?.length === 2)
    proxy.advance(200)
    expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toContain('ejected')
  })

  it('takes nobody down by the checks that it slept through', async () => {
    const health = { path: '/health', interval: 2000, timeout: 1000, fall: 3, rise: 2 }
    const { proxy } = await scene.pair({ health }, () => {})
    proxy.advance(2100)
    proxy.suspend(600_000)
    proxy.advance(100)
    expect(proxy.proxy.balancer.servers[0].state).toBe('up')
  })
})
