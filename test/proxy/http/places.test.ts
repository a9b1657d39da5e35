import { existsSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { portOf } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { GET } from '../../support/asking.ts'

const scene = useScene()
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-places-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (host: string, port = 0) => ({ host, port, proxyProtocol: false })
const on = (name: string, mode?: number) => ({
  socket: join(folder, name),
  proxyProtocol: false,
  ...(mode !== undefined && { mode }),
})

async function served(client: RawClient): Promise<void> {
  client.send(GET)
  expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 /)
  client.leave()
}

describe('proxy-behaviour 1, listen: several places at once', () => {
  test('are all served, and told with the ports that they got', async () => {
    const { backend, proxy } = await scene.pair({
      listen: [at('127.0.0.1'), at('127.0.0.1'), on('one.sock')],
    })
    const [first, second, third] = proxy.places
    expect(portOf([first])).not.toBe(portOf([second]))
    await served(await RawClient.connect(portOf([first])))
    await served(await RawClient.connect(portOf([second])))
    await served(await RawClient.over(connect((third as { socket: string }).socket)))
    expect(backend.text.match(/^GET /gm)).toHaveLength(3)
  })

  test('are none where one of them cannot be had, and the error says which', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    scene.atEnd(() => void other.close())
    const { port } = other.address() as { port: number }
    const start = scene.proxy({
      servers: ['http://127.0.0.1:1'],
      listen: [at('127.0.0.1'), at('127.0.0.1', port)],
    })
    await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE', place: 1 })
  })

  test('can be IPv6, and the client is told by its address', async () => {
    const { backend, proxy } = await scene.pair({ listen: [at('::1')] })
    expect(proxy.places).toMatchObject([{ host: '::1' }])
    await served(await RawClient.connect(proxy.port, '::1'))
    expect(backend.text).toContain('X-Forwarded-For: ::1\r\n')
  })

  test('are for both kinds of addresses at ::, and an IPv4 client is called by its own', async () => {
    const { backend, proxy } = await scene.pair({ listen: [at('::')] })
    await served(await RawClient.connect(proxy.port, '127.0.0.1'))
    await served(await RawClient.connect(proxy.port, '::1'))
    expect(backend.text.match(/X-Forwarded-For: .*/g)).toEqual([
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-For: ::1',
    ])
  })
})

describe('proxy-behaviour 1, listen: a Unix socket', () => {
  test('has the mode that was asked for, and is gone when the proxy has stopped', async () => {
    const place = on('mode.sock', 0o620)
    const { proxy } = await scene.pair({ listen: [place] })
    expect(lstatSync(place.socket).mode & 0o777).toBe(0o620)
    await proxy.proxy.stop()
    expect(existsSync(place.socket)).toBe(false)
  })

  test('that a dead process has left is taken over', async () => {
    const place = on('stale.sock')
    const { spawnSync } = await import('node:child_process')
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', script, place.socket])
    expect(lstatSync(place.socket).isSocket()).toBe(true)
    await scene.pair({ listen: [place] })
    await served(await RawClient.over(connect(place.socket)))
  })

  test('that somebody listens on is left to him', async () => {
    const place = on('live.sock')
    await scene.pair({ listen: [place] })
    const second = scene.pair({ listen: [place] })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', place: 0 })
    await served(await RawClient.over(connect(place.socket)))
  })

  test('does not take the place of a file', async () => {
    const place = on('file.sock')
    writeFileSync(place.socket, 'mine')
    await expect(scene.pair({ listen: [place] })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(lstatSync(place.socket).isFile()).toBe(true)
  })

  test('has clients called unix, who are believed where trustedProxies says so', async () => {
    const request = 'GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=9.9.9.9\r\n\r\n'
    for (const trustedProxies of [[], ['127.0.0.1'], ['unix']]) {
      const place = on(`peer-${trustedProxies.join('')}.sock`)
      const { backend } = await scene.pair({ listen: [place], trustedProxies })
      const client = await RawClient.over(connect(place.socket))
      client.send(request)
      await client.receive('\r\n\r\nok')
      client.leave()
      expect(backend.text).toContain('X-Forwarded-For: unix\r\n')
      const story = 'Forwarded: for=9.9.9.9, for=unknown;proto=http;host="a"\r\n'
      expect(backend.text.includes(story)).toBe(trustedProxies.includes('unix'))
    }
  })
})
