/** The real proxy in front of real fakes, over sockets: the log that it writes is one that can be planned with. */
import { Agent, request } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'
import { planned } from './planned.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-plan-real-'))
afterAll(() => rmSync(folder, { recursive: true }))

const RATE = 400
const REQUESTS = 1100

test('a log of the real proxy is read, its servers are found, and others are foretold', async () => {
  using fast = fake('fast', 4, 12)
  using slow = fake('slow', 20, 60)
  const [a, b] = await Promise.all([fast.listening(), slow.listening()])
  const log = join(folder, 'access.log')
  const config = join(folder, 'lb.json')
  const servers = [
    { id: 'fast', url: a },
    { id: 'slow', url: b },
  ]
  writeFileSync(
    config,
    JSON.stringify({
      listen: { host: '127.0.0.1', port: 0 },
      servers,
      strategy: 'round_robin',
      accessLog: log,
      admin: false,
    }),
  )
  using proxy = new Program('proxy/main.ts', ['--config', config])
  const url = await proxy.listening()
  await send(url)
  proxy.child.kill('SIGTERM')
  await proxy.exit()

  // How near the copy comes depends on what else this machine has to do: see the README for figures of an idle one.
  const loose = { maxP50: 50, maxP99: 50, maxShare: 0.02 }
  const strategy = ['least_connections']
  const found = await planned(log, { config, strategy, ...loose })
  expect(found.log).toMatchObject({ format: 'evenkeel', requests: REQUESTS, bad: 0 })
  expect(found.log.book.tries.count).toBe(REQUESTS)
  expect(found.current).toBe('round_robin')
  const [one, other] = ['fast', 'slow'].map((id) =>
    found.estimate.servers.find((each) => each.id === id)!,
  )
  expect(one.visits).toBe(REQUESTS / 2)
  // However slow this machine is today, that one waits 32 ms longer on average.
  expect(other.demand).toBeGreaterThan(one.demand)
  expect(other.speed).toBeLessThan(one.speed)
  const shares = found.calibration!.checked.filter(({ key }) => key === 'share')
  expect(shares.map(({ passed }) => passed)).toEqual([true, true])
  const [now, then] = found.forecasts
  const ofSlow = (of: typeof now): number => of.servers.find(({ id }) => id === 'slow')!.share
  expect(ofSlow(then)).toBeLessThan(ofSlow(now))
}, 30_000)

function fake(id: string, min: number, max: number): Program {
  return new Program('backends/main.ts', [], {
    SERVER_ID: id,
    HOST: '127.0.0.1',
    PORT: '0',
    MIN_LATENCY: String(min),
    MAX_LATENCY: String(max),
    SEED: '1',
  })
}

/** So many a second, whatever becomes of those before; what the loop missed is sent as soon as it can. */
async function send(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 })
  const answers: Promise<void>[] = []
  const start = performance.now()
  while (answers.length < REQUESTS) {
    const due = Math.min(REQUESTS, Math.floor(((performance.now() - start) * RATE) / 1000) + 1)
    while (answers.length < due) answers.push(get(url, agent))
    await pause(1)
  }
  await Promise.all(answers)
  agent.destroy()
}

function get(url: string, agent: Agent): Promise<void> {
  const { promise, reject, resolve } = Promise.withResolvers<void>()
  request(url, { agent }, (response) => response.resume().on('end', resolve))
    .on('error', reject)
    .end()
  return promise
}
