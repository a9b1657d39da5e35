import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, POST } from '../../support/asking.ts'
import { answering, OK, RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'evenkeel-sockets-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function listening(path: string): Promise<RecordingBackend> {
  const backend = await RecordingBackend.start(answering(OK), path)
  scene.atEnd(() => backend.stop())
  return backend
}

describe('a server behind a Unix socket', () => {
  test('gets requests with the Host of the client', async () => {
    const path = join(folder, 'app.sock')
    const backend = await listening(path)
    const proxy = await scene.proxy({ servers: [`unix:${path}`] })
    const answer = await ask(proxy, 'GET /a HTTP/1.1\r\nHost: shop.test:81\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(backend.text).toMatch(/^GET \/a HTTP\/1\.1\r\n[^]*Host: shop\.test:81\r\n/i)
    const [server] = proxy.proxy.balancer.servers
    expect(proxy.proxy.servers.urlOf(server)).toBe(`unix:${path}`)
  })

  test('that is gone is a failed connection, which a POST survives; and it comes back', async () => {
    const health = { path: '/', interval: 100, timeout: 1000, fall: 1, rise: 1 }
    const path = join(folder, 'app.sock')
    const [first, other] = [await listening(path), await scene.backend()]
    const proxy = await scene.proxy({ servers: [`unix:${path}`, other.url], health })
    const [server] = proxy.proxy.balancer.servers
    expect(await ask(proxy, POST)).toMatch(/ 200 /)
    await first.stop()
    for (let i = 0; i < 4; i++) expect(await ask(proxy, POST)).toMatch(/ 200 /)
    expect(proxy.inflight).toBe(0)
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) {
        proxy.advance(100)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await until(() => server.state === 'down')
    expect(server.reason).toBe('no such socket')
    const second = await listening(path)
    await until(() => server.state === 'up')
    for (let i = 0; i < 2; i++) expect(await ask(proxy, POST)).toMatch(/ 200 /)
    expect(second.text).toContain('hello')
  })
})
