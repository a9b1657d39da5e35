import { describe, expect, test } from 'vitest'
import { statsOf } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { FrameClient, headers, NO_ERROR, ping, request } from '../../support/http2-frames.ts'
import { portOf, type TestSettings } from '../../support/proxy.ts'
import { type Behaviour, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const authority = await Authority.start()
const { certFile: cert, keyFile: key } = await authority.issue(['localhost'])
const tls = { certificates: [{ cert, key }], minVersion: '1.2' as const, http2: true }
const PLAIN = { host: '127.0.0.1', port: 0, proxyProtocol: false }

/** A whole proxy whose second place is TLS. */
async function start(settings: Partial<TestSettings> = {}, behaviour?: Behaviour) {
  const listen = [PLAIN, { ...PLAIN, tls }]
  const { backend, proxy } = await scene.pair({ listen, ...settings }, behaviour)
  const enter = async (values: Record<number, number> = {}): Promise<FrameClient> => {
    const client = await FrameClient.connect(portOf([proxy.places[1]]), values, true)
    scene.atEnd(() => client.leave())
    return client
  }
  return { backend, proxy, enter }
}

describe('proxy-behaviour 4 and 7, HTTP/2 at the door', () => {
  test('goes to a client that chooses it, many requests at a time on one connection', async () => {
    const { backend, enter, proxy } = await start()
    const client = await enter()
    const streams = Array.from({ length: 20 }, (_, i) => 1 + 2 * i)
    client.send(...streams.map((stream) => headers(stream, request(`/${stream}`))))
    for (const stream of streams) {
      expect(await client.reply(stream)).toMatchObject({ status: '200', body: 'ok', ended: true })
    }
    expect(backend.text).toContain('X-Forwarded-Proto: https')
    const { connections } = await statsOf(proxy)
    expect(connections.open).toBe(2) // This one, and the one that asks.
    client.leave()
  })

  test('an idle connection is closed in its time, by the tick of the proxy', async () => {
    const { enter, proxy } = await start({ timeouts: { clientIdle: 5000 } })
    const client = await enter()
    await client.heard()
    proxy.advance(5100)
    await client.untilClosed()
    expect(client.goaways[0]).toEqual({ code: NO_ERROR, last: 0 })
  })

  test('what is in flight is answered when the proxy stops, and then it has stopped', async () => {
    let answer = (): void => {}
    const { backend, enter, proxy } = await start({}, (connection) => {
      answer = () => connection.socket.write(OK)
    })
    const busy = await enter()
    const idle = await enter()
    await idle.heard()
    busy.send(headers(1, request()))
    await backend.until(() => backend.text.includes('\r\n\r\n'))
    const stopped = proxy.proxy.stop()
    await busy.until(() => busy.goaways.length === 1)
    expect(busy.goaways[0]).toEqual({ code: NO_ERROR, last: 1 })
    proxy.advance(1000)
    await idle.untilClosed()
    answer()
    expect(await busy.reply(1)).toMatchObject({ status: '200', ended: true })
    await stopped
  })

  test('what is in flight when the time to stop is over gets 503', async () => {
    const { backend, enter, proxy } = await start({ timeouts: { stop: 3000 } }, () => {})
    const client = await enter()
    client.send(headers(1, request()))
    await backend.until(() => backend.text.includes('\r\n\r\n'))
    const stopped = proxy.proxy.stop()
    proxy.advance(3000)
    expect(await client.reply(1)).toMatchObject({ status: '503', ended: true })
    proxy.advance(200)
    await stopped
  })

  test('a connection that floods is counted in the figures and in the log, and refused', async () => {
    const { enter, proxy } = await start()
    const client = await enter()
    await client.heard()
    client.send(Buffer.concat(Array<Buffer>(20_000).fill(ping())))
    await client.untilClosed()
    expect(proxy.proxy.counters.refused).toEqual({ flood: 1 })
  })
})
