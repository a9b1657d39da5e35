import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Stats } from '../../proxy/admin/stats.ts'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { answering, OK, RecordingBackend } from '../support/recording-backend.ts'
import { GET } from '../support/asking.ts'

const FILES = 100
const able = spawnSync('prlimit', ['--version']).status === 0
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const ending of endings.splice(0).toReversed()) await ending()
})

async function start(
  connections: 'auto' | false,
  workers = 1,
): Promise<{ program: Program; port: number }> {
  const backend = await RecordingBackend.start(answering(OK))
  endings.push(() => backend.stop())
  const file = join(folder, `lb-${endings.length}.json`)
  const config = {
    listen: { host: '127.0.0.1', port: 0 },
    servers: [{ url: backend.url }, { url: backend.url.replace('127.0.0.1', 'localhost') }],
    health: false,
    ejection: { consecutive: 1 },
    accessLog: false,
    limits: { connections },
    workers,
  }
  writeFileSync(file, JSON.stringify(config))
  const program = new Program('proxy/main.ts', ['--config', file], {}, 'ignore', FILES)
  endings.push(() => program[Symbol.dispose]())
  return { program, port: Number(new URL(await program.listening()).port) }
}

async function statusAt(port: number): Promise<string> {
  const client = await RawClient.connect(port)
  client.send(GET)
  await client.until(() => client.closed || /\r\n\r\n(ok|\{.*\n)/.test(client.text))
  client.leave()
  return client.text.slice(9, 12)
}

async function crowd(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  endings.push(() => sockets.forEach((socket) => socket.destroy()))
  for (const socket of sockets) socket.on('error', () => {})
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  return sockets
}

describe.runIf(able)('issue 5, faults: the file-descriptor limit is reached', () => {
  test('the cap that is worked out from it is reached before, and there is an answer', async () => {
    const { port } = await start('auto')
    const sockets = await crowd(port, (FILES - 64) / 2)
    expect(await statusAt(port)).toBe('503')
    sockets[0].destroy()
    let status = '503'
    while (status === '503') status = await statusAt(port)
    expect(status).toBe('200')
  })

  test('without a cap the proxy says so once, goes on, and recovers', async () => {
    const { port, program } = await start(false)
    const early = await RawClient.connect(port)
    early.send('GET /lb/health HTTP/1.1\r\nHost: a\r\n\r\n')
    await early.receive('\r\n\r\n')
    const sockets = await crowd(port, FILES + 20)
    await program.says('no more files can be opened (EMFILE)')
    expect(program.child.exitCode).toBe(null)
    // No server can be reached, which is not held against them.
    early.text = ''
    early.send(GET)
    expect(await early.receive('upstream_unreachable')).toMatch(/^HTTP\/1\.1 502 /)
    early.text = ''
    early.send('GET /lb/stats HTTP/1.1\r\nHost: a\r\n\r\n')
    await early.until(() => early.text.endsWith('}\n') || early.text.endsWith('}'))
    const { servers } = JSON.parse(early.text.slice(early.text.indexOf('{'))) as Stats
    expect(servers.map(({ state }) => state)).toEqual(['up', 'up'])
    expect(servers.map(({ total }) => total.attempts.refused)).toEqual([1, 1])
    early.text = ''
    early.send('GET /lb/metrics HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await early.receive('nodejs_eventloop_lag_max_seconds ')).toMatch(/^HTTP\/1\.1 200 /)
    for (const socket of sockets) socket.destroy()
    let status = ''
    while (status !== '200') status = await statusAt(port)
    expect(program.stderr.match(/no more files/g)).toHaveLength(1)
  })
  test('with several threads none crashes', async () => {
    const { port, program } = await start(false, 2)
    const sockets = await crowd(port, FILES + 20)
    await program.says('no more files can be opened (EMFILE)')
    await pause(1_500) // How threads are is gathered once a second.
    for (const socket of sockets) socket.destroy()
    let status = ''
    while (status !== '200') status = await statusAt(port)
    expect(program.stderr).not.toContain('crashed')
  })
})
