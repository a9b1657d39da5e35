import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useScene } from '../../support/scene.ts'
import { AccessLog } from '../../../proxy/http/access-log.ts'
import { RawClient } from '../../support/raw-client.ts'

const scene = useScene()

interface Line {
  [key: string]: unknown
  attempts: { server: string; outcome: string }[]
}

/** Sends each request on its own connection to two servers, the first of them dead, and gives the log's lines. */
async function logOf(requests: string[]): Promise<{ lines: Line[]; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const servers = [await scene.deadUrl(), (await scene.backend()).url]
  const proxy = await scene.proxy({ servers, accessLog: { file }, seed: 3 })
  for (const request of requests) await RawClient.exchange(proxy.port, request)
  await proxy.proxy.stop()
  const text = readFileSync(file, 'utf8')
  return {
    text,
    lines: text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line),
  }
}

const close = 'Connection: close\r\n\r\n'

test('has a line a request, with every attempt, its timers and why it ended', async () => {
  const { lines } = await logOf([
    `GET /a?b HTTP/1.1\r\nHost: shop\r\nUser-Agent: me\r\n${close}`,
    `GET /c HTTP/1.1\r\nHost: shop\r\n${close}`,
  ])
  expect(lines).toHaveLength(2)
  const retried = lines.find(({ attempts }) => attempts.length === 2)!
  expect(retried).toMatchObject({
    client: '127.0.0.1',
    method: 'GET',
    host: 'shop',
    version: '1.1',
    status: 200,
    outcome: 'ok',
    end: 'ok',
    bytes_in: 0,
    bytes_out: 2,
    server: 'b2',
    attempts: [
      { server: 'b1', outcome: 'refused', connect: -1, first_byte: -1 },
      { server: 'b2', outcome: 'ok' },
    ],
  })
  for (const timer of ['queue', 'connect', 'response', 'total']) {
    expect(retried[timer]).toBeGreaterThanOrEqual(0)
  }
  expect(lines[0]).toMatchObject({ target: '/a?b', agent: 'me' })
  expect(lines[0].time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('requests of one client have one key, whatever server they went to', async () => {
  const { lines } = await logOf([1, 2, 3].map((i) => `GET /${i} HTTP/1.1\r\nHost: a\r\n${close}`))
  expect(new Set(lines.map(({ key }) => key)).size).toBe(1)
  expect(Number.isInteger(lines[0].key)).toBe(true)
})

test('what clients chose is escaped: nobody forges a line or moves a cursor', async () => {
  const { lines, text } = await logOf([
    `GET /"\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: "},{"status":200\xe9\x9b\x1b"\r\nX-Request-Id: a","end":"forged\r\n${close}`,
    `GET /\x7f HTTP/1.1\r\nHost: a\r\n${close}`,
    `GET /" HTTP/1.1\r\nHost: a\r\nX-Request-Id: a","end":"forged\r\nUser-Agent: "\xe9\x9b\r\n${close}`,
  ])
  expect(lines).toHaveLength(3)
  expect(lines[0].end).toBe('bad_request') // An escape character is no field value.
  expect(lines[1].end).toBe('bad_request')
  expect(lines[2]).toMatchObject({
    target: '/"',
    id: 'a","end":"forged',
    agent: '"\xe9\x9b',
    end: 'ok',
  })
  expect(text).toMatch(/^[\x20-\x7e\n]*$/)
})

test('what was no request is logged with its fault', async () => {
  const { lines } = await logOf([
    `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    `GET / HTTP/9.9\r\n\r\n`,
  ])
  expect(lines).toMatchObject([
    { status: 400, end: 'bad_request', outcome: 'aborted', server: null, attempts: [] },
    { status: 400, end: 'bad_request', outcome: 'aborted', attempts: [] },
  ])
})

test('requests that are cut off at the end of the grace have their line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const { proxy, backend } = await scene.pair(
    { accessLog: { file }, timeouts: { stop: 1500 } },
    () => {},
  )
  const client = await RawClient.connect(proxy.port)
  client.send(`GET /late HTTP/1.1\r\nHost: a\r\n\r\n`)
  await backend.until(() => backend.text !== '')
  const stopped = proxy.proxy.stop()
  proxy.advance(2000)
  await stopped
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    target: '/late',
    status: 503,
    end: 'stopping',
    outcome: 'aborted',
    attempts: [{ outcome: 'aborted' }],
  })
})

test('and so they have when the proxy is ended at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const { proxy, backend } = await scene.pair({ accessLog: { file } }, () => {})
  const client = await RawClient.connect(proxy.port)
  client.send(`GET /late HTTP/1.1\r\nHost: a\r\n\r\n`)
  await backend.until(() => backend.text !== '')
  proxy.proxy.kill()
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ target: '/late', end: 'stopping' })
})

test('a reader that takes no more does not hold up the end: what it did not take is given up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  // Open for reading, so that it can be opened for writing, and never read.
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  scene.atEnd(() => closeSync(reader))
  const log = new AccessLog({ file: pipe }, 0)
  for (let i = 0; i < 2000; i++) {
    log.rejected({ status: 400, word: 'bad_request', detail: 'x'.repeat(100) }, '127.0.0.1', 0)
  }
  await log.close(20)
})
