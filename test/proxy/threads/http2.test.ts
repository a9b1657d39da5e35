import { once } from 'node:events'
import { connect } from 'node:http2'
import { expect, test } from 'vitest'
import type { Stats } from '../../../proxy/admin/stats.ts'
import { Authority } from '../../support/certificates.ts'
import { useThreads } from './scene.ts'

const scene = useThreads()
const authority = await Authority.start()
const { certFile: cert, keyFile: key } = await authority.issue(['localhost'])
const PLAIN = { host: '127.0.0.1', port: 0, proxyProtocol: false }
const tls = { certificates: [{ cert, key }], minVersion: '1.2' as const, http2: true }

const SESSIONS = 8
const EACH = 10

test('issue 5, threads: streams of all threads are balanced and counted together, and drained', async () => {
  const threads = scene()
  const listen = [{ ...PLAIN, tls }]
  await threads.start('round_robin', [{}, {}], { listen, workers: 2 }, false)
  const url = `https://localhost:${threads.port}`
  const sessions = Array.from({ length: SESSIONS }, () => connect(url, { ca: authority.own.cert }))
  for (const session of sessions) session.on('error', () => {})
  const ask = async (session: (typeof sessions)[number], path: string): Promise<string> => {
    const stream = session.request({ ':path': path })
    let text = ''
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    await once(stream, 'end')
    return text
  }
  const asked = sessions.flatMap((session) => Array.from({ length: EACH }, () => ask(session, '/')))
  await Promise.all(asked)
  // In turn over both threads: exactly half each.
  expect(threads.counts).toEqual([(SESSIONS * EACH) / 2, (SESSIONS * EACH) / 2])
  expect(threads.inflight).toBe(0)
  const stats = JSON.parse(await ask(sessions[0], '/lb/stats')) as Stats
  expect(stats.connections.open).toBe(SESSIONS)
  const gone = sessions.map((session) => once(session, 'close'))
  await threads.coordinator.stop()
  await Promise.all(gone)
})
