import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Program } from '../support/program.ts'

const NOWHERE = 'http://127.0.0.1:1'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

function file(text: string): string {
  const name = join(folder, 'lb.yaml')
  writeFileSync(name, text)
  return name
}

describe('--check', () => {
  it('says what would run and exits with 0', async () => {
    const name = file(
      'strategy: leastconn\nservers: [{ url: http://a }, { url: http://b }, { url: http://c }]\nadmin: {}\n',
    )
    using program = new Program('proxy/main.ts', ['--config', name, '--check'])
    expect(await program.exit()).toBe(0)
    expect(program.stdout).toBe('configuration ok: least_connections over 3 servers\n')
    expect(program.stderr).toBe('')
  })

  it('lists everything that is wrong, tells its parent and exits with 2', async () => {
    const name = file('servers:\n  - url: http://a\n    weight: -3\n')
    const env = { EVENKEEL_CONFIG: name, ALGORITHM: 'rond_robin' }
    using program = new Program('proxy/main.ts', ['--check', '--port', 'x'], env)
    expect(await program.exit()).toBe(2)
    const lines = program.stderr.trimEnd().split('\n')
    expect(lines).toEqual([
      'evenkeel proxy: bad configuration:',
      `  servers[0].weight must be at least 0, got -3 (${name}:3:13)`,
      '  --port must be a whole number, got "x"',
      expect.stringMatching(/^ {2}ALGORITHM must be one of .* \(did you mean round_robin\?\)/),
    ])
    expect(program.stdout).toBe('')
    expect(program.messages).toMatchObject([{ type: 'failed', code: 'bad_configuration' }])
  })

  it('builds the balancer, and so finds that there are too many servers for it', async () => {
    const list = Array.from({ length: 1025 }, () => 'http://a').join()
    using program = new Program('proxy/main.ts', ['--check', '--backend-servers', list])
    expect(await program.exit()).toBe(2)
    expect(program.stderr).toContain('no room for server "b1025": 1024 slots')
  })
})

describe('the program', () => {
  it.each([
    [['--prot', '80'], "error: unknown option '--prot'\n(Did you mean --port?)\n"],
    [['now'], 'error: too many arguments. Expected 0 arguments but got 1: now.\n'],
    [['--port'], "error: option '--port <number>' argument missing\n"],
  ])('exits with 2 for the arguments %j', async (args, message) => {
    using program = new Program('proxy/main.ts', args)
    expect(await program.exit()).toBe(2)
    expect(program.stderr).toBe(message)
  })

  it('says which setting would change a port in use, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const env = { HOST: '127.0.0.1', PORT: port, BACKEND_SERVERS: NOWHERE }
    using program = new Program('proxy/main.ts', [], env)
    expect(await program.exit()).toBe(1)
    other.close()
    const message = `127.0.0.1:${port} is in use: choose another port with --port, PORT or listen.port`
    expect(program.stderr).toBe(`evenkeel proxy: ${message}\n`)
    expect(program.messages).toEqual([{ type: 'failed', code: 'EADDRINUSE', message }])
  })

  it('says which setting would change an access log that cannot be written, and exits with 1', async () => {
    const args = [
      '--backend-servers',
      NOWHERE,
      '--port',
      '0',
      '--access-log',
      join(folder, 'no', 'log'),
    ]
    using program = new Program('proxy/main.ts', args)
    expect(await program.exit()).toBe(1)
    expect(program.stderr).toContain('choose where with --access-log or accessLog')
  })
})

describe('the running program', () => {
  let backend: Server
  let arrived: Promise<[IncomingMessage, ServerResponse]>
  let url: string
  let args: string[]

  beforeEach(async () => {
    backend = createServer().listen(0, '127.0.0.1')
    arrived = once(backend, 'request') as typeof arrived
    await once(backend, 'listening')
    url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`
    args = ['--backend-servers', url, '--host', '127.0.0.1', '--port', '0', '--no-health']
  })

  afterEach(() => {
    backend.close()
    backend.closeAllConnections()
  })

  it('says on standard error what runs where, and ends with its parent', async () => {
    using program = new Program('proxy/main.ts', [...args, '--strategy', 'p2c'])
    const address = await program.listening()
    const line = `evenkeel proxy: power_of_two over 1 server on ${address} (process ${program.child.pid}, stats at /lb/)\n`
    await program.says(line)
    program.child.disconnect()
    expect(await program.exit()).toBe(0)
    expect(program.stdout).toBe('')
    expect(program.stderr.startsWith(line)).toBe(true)
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('answers what it has begun after %s', async (signal) => {
    using program = new Program('proxy/main.ts', args)
    const request = get(await program.listening(), { agent: false })
    const answered = once(request, 'response')
    const [, response] = await arrived
    program.child.kill(signal)
    await program.says('stopping: requests in flight have 30 s to finish\n')
    response.end('late')
    const [answer] = (await answered) as [IncomingMessage]
    const [body] = (await once(answer.setEncoding('utf8'), 'data')) as [string]
    expect([answer.statusCode, body]).toEqual([200, 'late'])
    expect(await program.exit()).toBe(0)
  })

  it('ends at once at a second signal, with 1', async () => {
    using program = new Program('proxy/main.ts', args)
    const request = get(await program.listening(), { agent: false })
    const answered = once(request, 'response')
    await arrived
    program.child.kill('SIGTERM')
    await program.says('stopping')
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(1)
    const [answer] = (await answered) as [IncomingMessage]
    expect(answer.statusCode).toBe(503)
  })

  it('opens no inspector at SIGUSR1', async () => {
    using program = new Program('proxy/main.ts', args)
    const address = await program.listening()
    program.child.kill('SIGUSR1')
    const [answer] = (await once(get(`${address}/lb/health`, { agent: false }), 'response')) as [
      IncomingMessage,
    ]
    expect(answer.resume().statusCode).toBe(200)
    program.child.kill('SIGTERM')
    expect(await program.exit()).toBe(0)
    expect(program.stderr).not.toContain('Debugger')
  })
})
