import { describe, expect, test } from 'vitest'
import { fieldOf } from '../../../proxy/http/fields.ts'
import { forwardRequestFields } from '../../../proxy/http/request-fields.ts'
import { valuesOf } from '../../fuzz/reference/grammar.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import { overTheWire } from '../../support/wire.ts'

const scene = useScene()

describe('section 4: request fields, rarely seen', () => {
  test('of long names, and of more names than anybody has, pass all the same', async () => {
    const { backend, proxy } = await scene.pair()
    const long = `X-${'l'.repeat(200)}`
    for (let i = 0; i < 1200; i += 80) {
      const names = Array.from({ length: 80 }, (_, j) => `X-Name-${i + j}`)
      const fields = [...names, long].map((name) => `${name}: 1\r\n`).join('')
      await RawClient.exchange(
        proxy.port,
        `GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Name-1199\r\n${fields}\r\n`,
      )
      for (const name of names.slice(0, -1)) expect(backend.text).toContain(`\r\n${name}: 1\r\n`)
      expect(backend.text).toContain(`\r\n${long}: 1\r\n`)
    }
    expect(backend.text).not.toContain('X-Name-1199')
  })

  test('traceparent and tracestate go on as they came', async () => {
    const trace = [
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'tracestate: congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
    ]
    const { backend, proxy } = await scene.pair()
    const lines = ['GET / HTTP/1.1', 'Host: a', 'Connection: close', ...trace, '', '']
    await RawClient.exchange(proxy.port, lines.join('\r\n'))
    expect(backend.text.split('\r\n').filter((line) => line.startsWith('trace'))).toEqual(trace)
  })

  test('its list is continued for clients of HTTP/1.0 too, who need not say a host', async () => {
    const trustedProxies = ['127.0.0.1']
    const old = 'GET / HTTP/1.0\r\nForwarded: for=6.6.6.6\r\nConnection: keep-alive\r\n\r\n'
    const close = 'GET / HTTP/1.0\r\nHost: a\r\n\r\n'
    const { requests } = await overTheWire(scene, old + close, { settings: { trustedProxies } })
    const { fields } = requests[0]
    expect(valuesOf(fields, 'forwarded')).toEqual(['for=6.6.6.6, for=127.0.0.1;proto=http'])
    expect(valuesOf(fields, 'x-forwarded-host')).toEqual([])
  })

  test('what a trusted proxy names in Connection is no part of the story, and the rest of it stays', async () => {
    const trustedProxies = ['127.0.0.1']
    const story =
      'Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Forwarded-Proto: https\r\n'
    const request = `GET / HTTP/1.1\r\nHost: a\r\n${story}Connection: close, forwarded\r\n\r\n`
    const { requests } = await overTheWire(scene, request, { settings: { trustedProxies } })
    const { fields } = requests[0]
    expect(valuesOf(fields, 'forwarded')).toEqual([])
    expect(valuesOf(fields, 'x-forwarded-for')).toEqual(['7.7.7.7, 127.0.0.1'])
    expect(valuesOf(fields, 'x-forwarded-proto')).toEqual(['https'])
  })

  test('an address of IPv6 is written in brackets there (RFC 7239, section 6)', () => {
    const context = { method: 'GET', address: '::1', encrypted: true, trusted: true, host: 'a' }
    const rest = { length: undefined, version: '1.1', requestId: 'x' }
    const fields = forwardRequestFields(['Forwarded', 'for=_b'], { ...context, ...rest })
    expect(fieldOf(fields, 'forwarded')).toBe('for=_b, for="[::1]";proto=https;host="a"')
    expect(fieldOf(fields, 'x-forwarded-for')).toBe('::1')
  })
})
