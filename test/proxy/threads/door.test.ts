import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Stats } from '../../../proxy/admin/stats.ts'
import { Authority } from '../../support/certificates.ts'
import { GET } from '../../support/asking.ts'
import { RawClient } from '../../support/raw-client.ts'
import { connectTls, sessionOf } from '../../support/tls-client.ts'
import { THREADS, useThreads } from './scene.ts'

const scene = useThreads()
const authority = await Authority.start()
const ca = authority.own.cert
const good = await authority.issue(['a.test'])
const other = await authority.issue(['other.test'])
const cert = authority.file('live.crt', good.cert)
const key = authority.file('live.key', good.key)
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PLAIN = { host: '127.0.0.1', port: 0, proxyProtocol: false }
const tls = { certificates: [{ cert, key }], minVersion: '1.2' as const, http2: false }
const checkServerIdentity = () => undefined

function put({ certFile, keyFile }: { certFile: string; keyFile: string }): void {
  copyFileSync(certFile, cert)
  copyFileSync(keyFile, key)
}

/** So many connections that all threads get some; the chance that one of four has none is one in a million. */
const MANY = 56

describe('issue 5, threads: the door is one', () => {
  test('a thread that comes later has the cap of the first ones, whatever the limit of files is by then', async () => {
    const threads = scene()
    await threads.start('round_robin', [{}], { limits: { connections: 'auto' } }, false)
    const { coordinator } = threads
    const { limits } = coordinator.dataFor(1, []).settings
    // Where nothing limits it there is no cap.
    const { most } = coordinator.listener.caps.total
    expect(limits.connections).toBe(most === Infinity ? false : most)
    await coordinator.members.get(1)!.worker.terminate()
    await threads.until(() => coordinator.members.get(1)?.ready === true)
  })

  test('the cap counts connections of all threads, and a dead thread gives back what it had', async () => {
    const threads = scene()
    await threads.start('round_robin', [{}], { limits: { connections: 64 + MANY } })
    // As many as the scene's clients are there already.
    const clients = await Promise.all(
      Array.from({ length: MANY }, () => RawClient.connect(threads.port)),
    )
    const { caps } = threads.coordinator.listener
    await threads.until(() => caps.total.open === 64 + MANY)
    const late = await RawClient.connect(threads.port)
    expect(await late.receive('}\n')).toMatch(/^HTTP\/1\.1 503 /)
    clients[0].leave()
    await threads.until(() => caps.total.open === 63 + MANY)
    const { connections } = await threads.stats<Stats>()
    expect(connections).toEqual({
      open: 64 + MANY,
      max: 64 + MANY,
      refused: { connections: 1 },
    })
    const [member] = threads.coordinator.members.values()
    await member.worker.terminate()
    await threads.until(() => caps.total.open < 63 + MANY - 1)
    for (const client of clients) client.leave()
    for (const client of threads.clients) client.leave()
    await threads.until(() => caps.total.open === 0)
  })

  test('sessions of one thread are taken up by all, and new certificates are used by all', async () => {
    put(good)
    const threads = scene()
    await threads.start('round_robin', [{}], { listen: [{ ...PLAIN, tls }] }, false)
    const first = await connectTls(threads.port, { ca })
    const session = await sessionOf(first)
    first.client.leave()
    const again = await Promise.all(
      Array.from({ length: MANY }, () => connectTls(threads.port, { ca, session })),
    )
    expect(again.every(({ socket }) => socket.isSessionReused())).toBe(true)
    for (const { client } of again) client.leave()

    copyFileSync(other.keyFile, key)
    expect(() => threads.coordinator.listener.reloadCertificates()).toThrow('is not the key of')
    put(other)
    threads.coordinator.listener.reloadCertificates()
    // Each thread hears of it in its own time.
    const names = async (): Promise<Set<string>> => {
      const all = await Promise.all(
        Array.from({ length: MANY }, () => connectTls(threads.port, { ca, checkServerIdentity })),
      )
      for (const { client } of all) client.leave()
      return new Set(all.map((each) => each.names))
    }
    let seen = await names()
    while (seen.has('DNS:a.test')) seen = await names()
    expect(seen).toEqual(new Set(['DNS:other.test']))
  })

  test('a Unix socket is served by the first, and by who takes its place', async () => {
    const threads = scene()
    const socket = join(folder, 'one.sock')
    const place = { socket, proxyProtocol: false }
    await threads.start('round_robin', [{}], { listen: [PLAIN, place] })
    const ask = async (): Promise<string> => {
      const client = await RawClient.over(connect(socket))
      client.send(GET)
      await client.receive('HTTP/1.1 200 ')
      client.leave()
      return client.text
    }
    await ask()
    expect(threads.coordinator.members.size).toBe(THREADS)
    const first = threads.coordinator.members.get(0)!
    await first.worker.terminate()
    await threads.until(() => threads.coordinator.members.get(0)?.ready === true)
    await ask()
    await threads.coordinator.stop()
    expect(existsSync(socket)).toBe(false)
  })
})
