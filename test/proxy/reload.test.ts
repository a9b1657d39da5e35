import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Program } from '../support/program.ts'
import { answering, OK, RecordingBackend } from '../support/recording-backend.ts'
import { until } from '../support/until.ts'

let folder: string
let backend: RecordingBackend

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-reload-'))
  backend = await RecordingBackend.start()
})

afterEach(async () => {
  rmSync(folder, { recursive: true })
  await backend.stop()
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

function configure(strategy: string, more = ''): string {
  const servers = ['a', 'b', 'c'].map((id) => `{ id: ${id}, url: "${backend.url}" }`).join(', ')
  const text = `listen: { host: 127.0.0.1, port: 0 }\naccessLog: off\nhealth: false\nservers: [${servers}]\n`
  return write('lb.yaml', `${text}strategy: ${strategy}\n${more}`)
}

/** Always the first, until it has picked so many times. */
function firstUntil(most: number, then: string): string {
  return `
export default class {
  picks = 0
  update(servers) { this.servers = servers }
  pick() { return this.picks++ < ${most} ? this.servers[0] : ${then} }
  settled() {}
}`
}

async function strategyAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/lb/stats`)
  return ((await answer.json()) as { strategy: string }).strategy
}

describe('SIGHUP', () => {
  it('changes the strategy, while a request is under way', async () => {
    const config = configure('round_robin')
    using program = new Program('proxy/main.ts', ['--config', config])
    const url = await program.listening()
    backend.behaviour = () => {}
    const slow = fetch(url)
    await backend.until(() => backend.connections.length > 0)
    configure('least_connections')
    program.child.kill('SIGHUP')
    await program.says('strategy is now least_connections, and was round_robin')
    backend.behaviour = answering(OK)
    backend.connections[0].socket.write(OK)
    expect((await slow).status).toBe(200)
    expect(await strategyAt(url)).toBe('least_connections')
    expect((await fetch(url)).status).toBe(200)
  })

  it('gives those under way at the end the time that the file says now', async () => {
    using program = new Program('proxy/main.ts', ['--config', configure('round_robin')])
    await program.listening()
    configure('round_robin', 'timeouts: { stop: 7s }\n')
    program.child.kill('SIGHUP')
    await program.says('changed: timeouts')
    program.child.kill('SIGTERM')
    await program.says('stopping: requests in flight have 7 s to finish\n')
    expect(await program.exit()).toBe(0)
  })

  it('reads a file of the user’s again that has changed', async () => {
    const own = write('own.ts', firstUntil(Infinity, 'undefined'))
    using program = new Program('proxy/main.ts', ['--config', configure('./own.ts')])
    const url = await program.listening()
    expect(await strategyAt(url)).toBe('own')
    write(
      'own.ts',
      firstUntil(Infinity, 'undefined').replace('picks = 0', 'name = "newer"; picks = 0'),
    )
    program.child.kill('SIGHUP')
    await program.says(`strategy is now ${own}, and was ${own}`)
    expect(await strategyAt(url)).toBe('newer')
  })

  it('reads again what a file imports, and what that imports, but shares our own modules with it', async () => {
    const own = write(
      'own.ts',
      `import { Rng } from '${new URL('../../proxy/core/rng.ts', import.meta.url).href}'
import { NAME } from './near.ts'
export default class {
  constructor({ rng }) { this.name = NAME + (rng instanceof Rng) }
  update(servers) { this.servers = servers }
  pick() { return this.servers[0] }
  settled() {}
}`,
    )
    write('near.ts', `export { NAME } from './deep.ts'`)
    write('deep.ts', `export const NAME = 'first '`)
    using program = new Program('proxy/main.ts', ['--config', configure('./own.ts')])
    const url = await program.listening()
    expect(await strategyAt(url)).toBe('first true')
    write('deep.ts', `export const NAME = 'second '`)
    program.child.kill('SIGHUP')
    await program.says(`strategy is now ${own}`)
    expect(await strategyAt(url)).toBe('second true')
  })

  it('keeps what there is when the new one cannot be used, and says why', async () => {
    const config = configure('random')
    using program = new Program('proxy/main.ts', ['--config', config])
    const url = await program.listening()
    const broken = write('broken.ts', firstUntil(10, 'undefined'))
    const cases: [string, string][] = [
      ['rond_robin', 'kept random, because of a bad configuration:\n  strategy must be one of'],
      ['./none.ts', `kept random: ${join(folder, 'none.ts')} cannot be read: no such file`],
      ['./broken.ts', `kept random: ${broken} breaks the law "it picks one of the servers`],
      ['random', 'kept random: the configuration says so still'],
    ]
    for (const [strategy, message] of cases) {
      configure(strategy)
      program.child.kill('SIGHUP')
      await program.says(message)
    }
    expect(await strategyAt(url)).toBe('random')
    expect((await fetch(url)).status).toBe(200)
  })

  it('changes the strategy of several threads, as does the admin API', async () => {
    const config = configure('random', 'workers: 2\n')
    using program = new Program('proxy/main.ts', ['--config', config], { ADMIN_PORT: '0' })
    const url = await program.listening()
    const [{ admin }] = program.messages as { admin: string }[]
    const asking = { headers: { 'content-type': 'application/json' }, body: '"first"' }
    const put = await fetch(`${admin}/strategy`, { method: 'PUT', ...asking })
    expect(put.status).toBe(200)
    expect(await put.json()).toEqual({
      strategy: 'first',
      spec: 'first',
      said: ['strategy is now first, and was random'],
    })
    expect(await strategyAt(url)).toBe('first')
    configure('least_connections', 'workers: 2\nqueue: false\n')
    program.child.kill('SIGHUP')
    await program.says('strategy is now least_connections, and was first')
    expect(program.stderr).toContain('changed: queue\n')
    expect(await strategyAt(url)).toBe('least_connections')
  })

  it('waits while the proxy is starting', async () => {
    // Being loaded, in the process that tries it first, the file says so by another.
    const mark = join(folder, 'mark')
    write(
      'own.ts',
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(mark)}, '')\n${firstUntil(Infinity, 'undefined')}`,
    )
    using program = new Program('proxy/main.ts', ['--config', configure('./own.ts')])
    const listening = program.listening()
    await until(() => existsSync(mark))
    configure('random')
    program.child.kill('SIGHUP')
    await program.says('strategy is now random')
    expect(await strategyAt(await listening)).toBe('random')
  })

  it('says by name what needs a restart, and does the rest', async () => {
    const config = configure('random')
    using program = new Program('proxy/main.ts', ['--config', config])
    await program.listening()
    configure('random', 'seed: 3\nretries: { attempts: 0 }\n')
    program.child.kill('SIGHUP')
    await program.says('changed: retries\n')
    await program.says('seed has changed: that needs a restart')
  })
})

describe('a file of the user’s that breaks while it runs', () => {
  it('gives way to another strategy, is told once, and no request fails', async () => {
    using program = new Program('proxy/main.ts', ['--config', configure('random')])
    const url = await program.listening()
    configure('./own.ts')
    // More than a pool of the rehearsal asks for.
    const own = write('own.ts', firstUntil(2000, 'this.servers[9].x'))
    program.child.kill('SIGHUP')
    await program.says('strategy is now')
    for (let i = 0; i < 21; i++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(url)))
      for (const answer of answers) {
        expect(answer.status).toBe(200)
        await answer.text()
      }
    }
    const told = program.stderr.split('\n').filter((line) => line.includes('Requests go on'))
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(`${own} breaks the law "it never throws`)
    expect(told[0]).toContain('pick threw TypeError')
    expect(told[0]).toMatch(/\(own\.ts:\d+:\d+\)\. Requests go on with random$/)
    expect(await strategyAt(url)).toBe('random')
    // From here on that is what is kept.
    configure('rond_robin')
    program.child.kill('SIGHUP')
    await program.says('kept random, because of a bad configuration')
    configure('./own.ts')
    write('own.ts', firstUntil(Infinity, 'undefined'))
    program.child.kill('SIGHUP')
    await program.says(`strategy is now ${own}, and was random`)
  })
})

describe('a file of the user’s that allocates', () => {
  const quiet = 'this.servers[this.picks % this.servers.length]'
  it.each([
    ['a little list', `[...this.servers][0]`, true],
    ['nothing', quiet, false],
  ])('%s in each pick is told of it, and serves', async (_, expression, warned) => {
    const own = write('own.ts', firstUntil(0, expression))
    const args = ['--config', configure('./own.ts'), '--check']
    using program = new Program('proxy/main.ts', args)
    expect(await program.exit()).toBe(0)
    const start = `evenkeel proxy: warning: ${own} allocates about `
    expect(program.stderr.startsWith(start)).toBe(warned)
    expect(program.stderr === '').toBe(!warned)
  })
})

describe('a file of the user’s that is broken', () => {
  it.each<[string, string, string]>([
    [
      'throws',
      firstUntil(3, 'this.x.y'),
      'breaks the law "it never throws, whatever the key and the load": pick threw TypeError',
    ],
    [
      'is a stranger to its servers',
      firstUntil(3, '{ id: "x" }'),
      'breaks the law "it picks one of the servers it was given last": pick gave "x"',
    ],
    [
      'hangs',
      firstUntil(3, '(() => { for (;;); })()'),
      'breaks the law "it always comes back": pick did not within 2 s',
    ],
    ['has an end', 'process.exit(5)', 'could not be tried: it ended with exit code 5'],
    ['has a quiet end', 'process.exit(0)', 'could not be tried: it ended its process'],
    [
      'throws what cannot be told',
      firstUntil(
        3,
        '(() => { throw Object.defineProperty(new Error("x"), "stack", { get() { throw 1 } }) })()',
      ),
      'breaks the law "it never throws, whatever the key and the load": pick threw Error: x',
    ],
    [
      'knows nothing of the servers that are configured',
      firstUntil(Infinity, '0').replace('{ this.s', '{ if (servers[0].id === "a") throw 3; this.s'),
      'breaks the law "it never throws, whatever the key and the load": update threw 3',
    ],
    [
      'changes its servers',
      firstUntil(3, '(this.servers[0].slot = -1, this.servers[0])'),
      'breaks the law "it only reads what it is shown": pick changed the slot of s1',
    ],
    [
      'promises what it cannot keep',
      firstUntil(Infinity, '0').replace('settled() {}', 'async settled() { throw 3 }'),
      'breaks the law "its work is done when it comes back: no verb is async": settled gave a promise',
    ],
    [
      'leaves a promise behind',
      firstUntil(Infinity, '0').replace('settled() {}', 'settled() { Promise.reject(Error("x")) }'),
      'could not be tried: it threw where nobody can catch it: Error: x',
    ],
  ])('is refused, with --check as well: it %s', async (_, text, message) => {
    write('own.ts', text)
    const config = configure('./own.ts')
    const refused = async (...args: string[]): Promise<void> => {
      using program = new Program('proxy/main.ts', ['--config', config, ...args])
      expect(await program.exit()).toBe(2)
      expect(program.stderr).toContain(`evenkeel proxy: ${join(folder, 'own.ts')} ${message}`)
      expect(program.stdout).toBe('')
      expect(program.messages).toMatchObject([{ type: 'failed', code: 'bad_strategy' }])
    }
    await Promise.all([refused(), refused('--check')])
  })
})
