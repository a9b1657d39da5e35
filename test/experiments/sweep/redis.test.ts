import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { addressOf } from '../../../experiments/sweep/redis/address.ts'
import { connect } from '../../../experiments/sweep/redis/connect.ts'
import { PREFIX, QUEUE } from '../../../experiments/sweep/redis/names.ts'
import { Authority } from '../../support/certificates.ts'
import { Program } from '../../support/program.ts'
import { hasRedis, RedisServer } from '../../support/redis-server.ts'
import { calmIn } from './calm.ts'

const authority = await Authority.start()
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sweep-redis-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = calmIn(folder)

/** 2 strategies × 2 rates × 3 seeds, and a pilot of each strategy at each rate. */
const SWEEP = [scenario, '--vary', 'arrivals.rate=100,300', '--seeds', '1..3', '--format', 'json']
const RUNS = 16

const PASSWORD = 'geheim'

/** Whatever they print must not have the password in it. */
const printed: Program[] = []

function sweep(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const program = new Program('cli.ts', ['sweep', ...args], env)
  printed.push(program)
  return program
}

function worker(url: string, ...args: string[]): Program {
  return sweep(['worker', '--redis', '--concurrency', '2', ...args], { REDIS_URL: url })
}

async function outputOf(program: Program): Promise<string> {
  const code = await program.exit()
  expect([code, program.stderr.includes('failed')], program.stderr).toEqual([0, false])
  return program.stdout
}

async function endedBy(program: Program, signal: NodeJS.Signals): Promise<number | null> {
  program.child.kill(signal)
  return program.exit()
}

/** Waits for what Redis will have. */
async function until(happened: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(happened, { interval: 20, timeout: 60_000 })
}

describe.skipIf(!hasRedis()).concurrent('evenkeel sweep over Redis', { timeout: 120_000 }, () => {
  let server: RedisServer
  let alone: string
  let databases = 0

  beforeAll(async () => {
    server = await RedisServer.start(`--requirepass ${PASSWORD}`)
    using program = sweep(SWEEP)
    alone = await outputOf(program)
  }, 60_000)

  afterAll(async () => {
    // A test that ran out of time has not ended its own: they would wait for Redis for ever.
    for (const program of printed) program[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
    for (const { stderr, stdout } of printed) expect(stdout + stderr).not.toContain(PASSWORD)
  })

  /** A database for each test, so that none sees another's workers. */
  function own(): { readonly url: string; readonly redis: Redis } & Disposable {
    const url = `redis://:${PASSWORD}@127.0.0.1:${server.port}/${databases++}`
    const redis = new Redis(url)
    return { url, redis, [Symbol.dispose]: () => redis.disconnect() }
  }

  test('finds to the byte what one machine finds, and leaves nothing there', async () => {
    using there = own()
    using first = worker(there.url)
    using second = worker(there.url)
    await Promise.all([first.says('at a time'), second.says('at a time')])
    using program = sweep([...SWEEP, '--redis', there.url])
    expect(await outputOf(program)).toBe(alone)
    expect(program.stderr).toBe('')
    const keys = await there.redis.keys('*')
    expect(keys.filter((key) => !/:(events|meta|id|stalled-check|marker)$/.test(key))).toEqual([])
    expect(keys.every((key) => key.startsWith(`${PREFIX}:${QUEUE}:`))).toBe(true)
    expect(await Promise.all([endedBy(first, 'SIGTERM'), endedBy(second, 'SIGINT')])).toEqual([
      0, 0,
    ])
    const done = [first, second].map(({ stderr }) =>
      Number(/ended after (\d+) run/.exec(stderr)?.[1]),
    )
    expect(done[0] + done[1]).toBe(RUNS)
  })

  test('has the run of a worker that was killed done by another one, with the same result', async () => {
    using there = own()
    const hold = join(folder, 'hold')
    const strategies = join(folder, 'held')
    mkdirSync(strategies)
    const file = join(strategies, 'held-strategy.ts')
    // It waits for as long as there is a file: so the first worker is surely within a run when it is killed.
    writeFileSync(
      file,
      `import { existsSync } from 'node:fs'
      export default class {
        constructor() {
          while (existsSync(${JSON.stringify(hold)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
        }
        update(servers) { this.servers = servers }
        pick() { return this.servers[0] }
        settled() {}
      }`,
    )
    const args = [...SWEEP, '--strategy', `random,${file}`]
    using local = sweep(args)
    const expected = await outputOf(local)
    using program = sweep([...args, '--redis', there.url])
    await program.says('no worker is there yet')
    writeFileSync(hold, '')
    const flags = ['--strategies', strategies, '--lost-after', '1s']
    using killed = worker(there.url, ...flags)
    const active = (): Promise<number> => there.redis.llen(`${PREFIX}:${QUEUE}:active`)
    // The two that it has time for are both held.
    const results = `${PREFIX}:results:${/"sweep": "(\w+)"/.exec(expected)![1]}`
    await until(async () => (await active()) === 2 && (await there.redis.hlen(results)) === 2)
    await endedBy(killed, 'SIGKILL')
    expect(await active()).toBe(2)
    rmSync(hold)
    using other = worker(there.url, ...flags)
    expect(await outputOf(program)).toBe(expected)
    expect(other.stderr).toContain('a worker was lost: its run is taken over')
  })

  test('goes on where it was stopped, without running anything again', async () => {
    using there = own()
    const args = [...SWEEP, '--redis', there.url]
    using stopped = sweep(args)
    await stopped.says('no worker is there yet')
    expect(await endedBy(stopped, 'SIGINT')).toBe(130)
    expect(stopped.stderr).toContain('the same command waits for it again')
    using first = worker(there.url)
    using waiting = sweep([...args, '--keep'])
    expect(await outputOf(waiting)).toBe(alone)
    await endedBy(first, 'SIGTERM')
    expect(first.stderr).toContain(`ended after ${RUNS} runs`)
    // Nobody is there to run anything, and nothing needs to be.
    using again = sweep(args)
    expect(await outputOf(again)).toBe(alone)
    expect(again.stderr).toBe(`evenkeel sweep: ${RUNS} runs of before found in Redis\n`)
    using cancelled = sweep([...args, '--cancel'])
    expect(await outputOf(cancelled)).toMatch(
      /is removed from Redis: 0 runs that waited, 0 results/,
    )
  })

  test('is removed when somebody says so', async () => {
    using there = own()
    const args = [...SWEEP, '--redis', there.url]
    using stopped = sweep(args)
    await stopped.says('no worker is there yet')
    await until(async () => (await there.redis.llen(`${PREFIX}:${QUEUE}:wait`)) === 4)
    await endedBy(stopped, 'SIGINT')
    using cancelled = sweep([...args, '--cancel'])
    // The pilots: all else waits for what they find.
    expect(await outputOf(cancelled)).toContain('4 runs that waited, 0 results')
    expect(await there.redis.llen(`${PREFIX}:${QUEUE}:wait`)).toBe(0)
    expect(await there.redis.keys(`${PREFIX}:plan:*`)).toEqual([])
  })

  test('is put there again when Redis has forgotten everything', async () => {
    using there = own()
    using program = sweep([...SWEEP, '--redis', there.url])
    await program.says('no worker is there yet')
    await until(async () => (await there.redis.llen(`${PREFIX}:${QUEUE}:wait`)) === 4)
    await there.redis.flushdb()
    using other = worker(there.url)
    expect(await outputOf(program)).toBe(alone)
    await endedBy(other, 'SIGTERM')
  })

  test('says what cannot be run, and runs it when somebody can', async () => {
    using there = own()
    const strategies = join(folder, 'own')
    mkdirSync(strategies)
    const file = join(strategies, 'first-strategy.ts')
    writeFileSync(
      file,
      `export default class {
        update(servers) { this.servers = servers }
        pick() { return this.servers[0] }
        settled() {}
      }`,
    )
    const args = [
      scenario,
      '--reps',
      '2',
      '--warmup',
      '0',
      '--strategy',
      `random,${file}`,
      '--redis',
      there.url,
    ]
    using without = worker(there.url)
    await without.says('at a time')
    using refused = sweep(args)
    expect(await refused.exit()).toBe(1)
    expect(refused.stdout).toBe('')
    expect(refused.stderr).toContain('2 runs failed: ')
    expect(refused.stderr).toContain('--strategies FOLDER')
    expect(refused.stderr).toContain('the same command runs these again')
    await endedBy(without, 'SIGTERM')
    using withThem = worker(there.url, '--strategies', strategies)
    await withThem.says('at a time')
    using program = sweep(args)
    const output = await program.exit()
    expect([output, program.stderr]).toEqual([
      0,
      'evenkeel sweep: 2 runs of before found in Redis\n',
    ])
  })

  test('says once what keeps it from Redis, and what works without', async () => {
    const ways = [
      [`redis://:falsch@127.0.0.1:${server.port}`, 'does not take that user and password'],
      [`redis://127.0.0.1:${server.port}`, 'wants a password'],
      [`redis://:${PASSWORD}@127.0.0.1:1`, 'cannot be reached: ECONNREFUSED'],
    ]
    for (const [url, why] of ways) {
      const address = addressOf(url, {})
      await expect(connect(address, () => {})).rejects.toThrow(
        `Redis at redis://${new URL(url).host} ${why}`,
      )
    }
    using program = sweep([...SWEEP, '--redis', ways[2][0]])
    using nobody = worker(ways[2][0])
    expect(await Promise.all([program.exit(), nobody.exit()])).toEqual([1, 1])
    expect(program.stdout).toBe('')
    expect(program.stderr.split('\n')).toEqual([
      'evenkeel sweep: Redis at redis://127.0.0.1:1 cannot be reached: ECONNREFUSED',
      "evenkeel sweep: without --redis it runs on this machine's threads",
      '',
    ])
    expect(nobody.stderr).toContain('cannot be reached: ECONNREFUSED')
  })

  test('speaks TLS', async () => {
    const { certFile, keyFile } = await authority.issue(['localhost'])
    await using secure = await RedisServer.start(
      `--port 0 --tls-port {port} --tls-auth-clients no --tls-cert-file ${certFile} --tls-key-file ${keyFile}`,
    )
    const url = `rediss://localhost:${secure.port}`
    const env = { NODE_EXTRA_CA_CERTS: authority.own.certFile }
    using other = sweep(['worker', '--redis', url], env)
    await other.says('at a time')
    using program = sweep([...SWEEP, '--redis', url], env)
    expect(await outputOf(program)).toBe(alone)
    // Whoever does not know the authority does not trust it.
    await expect(connect(addressOf(url, {}), () => {})).rejects.toThrow('cannot be reached')
  })
})
