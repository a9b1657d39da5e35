import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Program } from '../../support/program.ts'
import { CountingBackend } from './counting-backend.ts'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'

vi.setConfig({ testTimeout: 60_000 })

let backend: CountingBackend
let args: string[]

beforeEach(async () => {
  backend = await CountingBackend.start('b1')
  args = ['--backend-servers', backend.url, '--host', '127.0.0.1', '--port', '0']
  args.push('--no-health', '--workers', '3')
})

afterEach(() => backend.stop())

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** The log of 3,000 requests, and their lines' ids. */
function judge(log: string): void {
  const lines = log.trimEnd().split('\n')
  expect(lines).toHaveLength(3000)
  const ids = new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id))
  expect(ids.size).toBe(3000)
}

it('says how many threads there are, and writes whole lines to standard output for all of them', async () => {
  using program = new Program('proxy/main.ts', args)
  const url = await program.listening()
  await program.says(`round_robin over 1 server in 3 threads on ${url} (process `)
  const clients = await KeepAliveClient.all(portOf(url), 40, `User-Agent: ${'x'.repeat(2000)}\r\n`)
  program.child.stdout!.pause() // What is full, or large, is written in parts.
  await sendAll(clients, 3000)
  const { stdout } = program.child
  stdout!.resume()
  // Some megabytes: more than is waited for at the end.
  while (program.stdout.split('\n').length <= 3000) await once(stdout!, 'data')
  for (const client of clients) client.leave() // Or the proxy waits a second for what they might want.
  program.child.kill('SIGTERM')
  expect(await program.exit()).toBe(0)
  expect(new Set(clients.map(({ thread }) => thread)).size).toBe(3)
  judge(program.stdout)
})

it('appends to one file from all threads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const file = join(folder, 'access.log')
  using program = new Program('proxy/main.ts', [...args, '--access-log', file])
  const clients = await KeepAliveClient.all(portOf(await program.listening()), 40)
  await sendAll(clients, 3000)
  for (const client of clients) client.leave() // Or the proxy waits a second for what they might want.
  program.child.kill('SIGTERM')
  expect(await program.exit()).toBe(0)
  judge(readFileSync(file, 'utf8'))
  rmSync(folder, { recursive: true })
})

it('answers what each thread has begun after SIGTERM, and exits with 0', async () => {
  backend.answers = false
  using program = new Program('proxy/main.ts', args)
  const clients = await KeepAliveClient.all(portOf(await program.listening()), 40)
  const load = sendAll(clients, 40)
  await backend.until(() => backend.count === 40)
  program.child.kill('SIGTERM')
  await program.says('stopping: requests in flight have 30 s to finish\n')
  backend.answerAll()
  await load
  expect(await program.exit()).toBe(0)
  for (const client of clients) expect([...client.statuses]).toEqual([['200', 1]])
})

it('ends at once at a second signal, with 1, and tells its clients', async () => {
  backend.answers = false
  using program = new Program('proxy/main.ts', args)
  const clients = await KeepAliveClient.all(portOf(await program.listening()), 10)
  const load = sendAll(clients, 10)
  await backend.until(() => backend.count === 10)
  program.child.kill('SIGTERM')
  await program.says('stopping')
  program.child.kill('SIGINT')
  expect(await program.exit()).toBe(1)
  await load
  for (const client of clients) expect([...client.statuses]).toEqual([['503', 1]])
})

it('does not join a port that somebody else has', async () => {
  const other: Server = createServer().listen({ port: 0, host: '127.0.0.1', reusePort: true })
  await once(other, 'listening')
  const port = String((other.address() as AddressInfo).port)
  using program = new Program('proxy/main.ts', [...args, '--port', port])
  expect(await program.exit()).toBe(1)
  other.close()
  const message = `127.0.0.1:${port} is in use: choose another port with --port, PORT or listen.port`
  expect(program.stderr).toBe(`evenkeel proxy: ${message}\n`)
})

it('says which setting would change an access log that cannot be written, once', async () => {
  using program = new Program('proxy/main.ts', [...args, '--access-log', './no/such/log'])
  expect(await program.exit()).toBe(1)
  expect(program.stderr).toMatch(
    /^evenkeel proxy: cannot write the access log .+: choose where with --access-log or accessLog\n$/,
  )
})
