import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Authority } from '../../support/certificates.ts'
import { Http2Front } from '../../support/http2-front.ts'
import type { TestSettings } from '../../support/proxy.ts'
import type { Behaviour } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const authority = await Authority.start()
const certificate = await authority.issue(['localhost'])
const SIZE = 3 << 20
const CURL = spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout?.includes('HTTP2')

/** A proxy with TLS, and node's own client at it. */
async function secure(behaviour?: Behaviour, settings: Partial<TestSettings> = {}) {
  const backend = await scene.backend(behaviour)
  const front = await Http2Front.start({ servers: [backend.url], ...settings }, certificate)
  scene.atEnd(() => front.end())
  const session = connect(`https://localhost:${front.port}`, { ca: authority.own.cert })
  session.on('error', () => {})
  scene.atEnd(() => session.destroy())
  await once(session, 'remoteSettings')
  return { backend, front, session }
}

interface Answered {
  head: Record<string, string>
  body: string
}

async function ask(session: ClientHttp2Session, head: object, body?: Buffer): Promise<Answered> {
  const stream = session.request({ ...head }, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  const [answer] = (await once(stream, 'response')) as [Record<string, string>]
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return { head: answer, body: Buffer.concat(pieces).toString('latin1') }
}

/** Answers a request with as many bytes as it brought, when it has come whole. */
const echo: Behaviour = (connection) => {
  const { socket, text } = connection
  const start = text.indexOf('\r\n\r\n') + 4
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
  if (start < 4 || text.length < start + length) return
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`)
  socket.write(text.slice(start), 'latin1')
  connection.text = ''
}

describe('proxy-behaviour 4, HTTP/2 over TLS with clients that others wrote', () => {
  test('large bodies go through whole both ways, several at a time', async () => {
    const { front, session } = await secure(echo)
    const body = Buffer.from(Array.from({ length: SIZE }, (_, i) => (i * 31) % 251))
    const fields = { ':method': 'POST', 'content-length': SIZE }
    const answers = await Promise.all([1, 2, 3].map(() => ask(session, fields, body)))
    for (const answer of answers) {
      expect(answer.head[':status']).toBe(200)
      expect(answer.body === body.toString('latin1')).toBe(true)
    }
    expect(front.test.inflight).toBe(0)
  })

  test('backends are told HTTP/2.0, https and the client that the door names', async () => {
    const { backend, session } = await secure()
    await ask(session, { ':path': '/', forwarded: 'for=forged', 'x-forwarded-for': 'forged' })
    expect(backend.text).toContain('\r\nVia: 2.0 evenkeel\r\n')
    expect(backend.text).toContain('\r\nX-Forwarded-For: 192.0.2.7\r\n')
    expect(backend.text).toContain('\r\nX-Forwarded-Proto: https\r\n')
    expect(backend.text).not.toContain('forged')
  })

  test('the log has version 2, and says of an upload with a whole answer that it ended well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
    scene.atEnd(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'access.log')
    const { front, session } = await secure(undefined, { accessLog: { file } })
    await ask(session, { ':path': '/x' })
    await ask(session, { ':path': '/y', ':method': 'POST' }, Buffer.from('hello'))
    session.close()
    await once(session, 'close')
    await front.test.proxy.stop()
    const [line, upload] = readFileSync(file, 'utf8').split('\n')
    expect(JSON.parse(upload)).toMatchObject({ target: '/y', outcome: 'ok', end: 'ok' })
    expect(JSON.parse(line)).toMatchObject({
      client: '192.0.2.7',
      version: '2',
      target: '/x',
      host: `localhost:${front.port}`,
      status: 200,
      end: 'ok',
    })
  })

  test('admin pages are there, and the stream of events', async () => {
    const { front, session } = await secure()
    const stats = await ask(session, { ':path': '/lb/stats' })
    expect(JSON.parse(stats.body)).toHaveProperty('servers')
    const events = session.request({ ':path': '/lb/events' })
    const [head] = (await once(events, 'response')) as [Record<string, string>]
    expect(head['content-type']).toBe('text/event-stream')
    await once(events, 'data')
    events.close(constants.NGHTTP2_CANCEL)
    await once(events, 'close')
    expect((await ask(session, { ':path': '/lb/health' })).head[':status']).toBe(200)
    expect(front.rejections).toEqual([])
  })

  test("node's client stops with the notice, and gets what it has asked for", async () => {
    let answer = (): void => {}
    const { backend, front, session } = await secure((connection) => {
      answer = () => connection.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    const answered = ask(session, { ':path': '/' })
    await backend.until(() => backend.connections.length === 1)
    front.listener.drain()
    await once(session, 'goaway')
    await backend.until(() => backend.text.includes('\r\n\r\n'))
    answer()
    expect((await answered).body).toBe('ok')
    await once(session, 'close')
  })

  test.runIf(CURL)('curl speaks it', async () => {
    const { front } = await secure(echo)
    const args = ['-s', '-i', '--http2', '--cacert', authority.own.certFile, '-d', 'hello']
    const url = `https://localhost:${front.port}/`
    const { stdout } = await promisify(execFile)('curl', [...args, url])
    expect(stdout.startsWith('HTTP/2 200')).toBe(true)
    expect(stdout.endsWith('\r\n\r\nhello')).toBe(true)
  })
})
