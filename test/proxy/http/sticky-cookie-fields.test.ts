import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TlsSettings } from '../../../proxy/listen-settings.ts'
import { Authority } from '../../support/certificates.ts'
import { CookieJar, readAnswer } from '../../support/cookie-jar.ts'
import { headers, request } from '../../support/http2-frames.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering } from '../../support/recording-backend.ts'
import { SET, useStickyScene } from './sticky-scene.ts'

const scene = useStickyScene()
const authority = await Authority.start()
const issued = await authority.issue(['127.0.0.1'])

describe('proxy-behaviour 2, stickiness: the cookie', () => {
  test('a life is told to the browser, is renewed past its half, and ends', async () => {
    const proxy = await scene.byCookie(await scene.letters(), { ttl: 3_600_000 })
    const jar = new CookieJar(proxy.port)
    const first = await jar.get()
    expect(first.cookies[0]).toMatch(
      /^at=[\w-]{40}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    )
    proxy['now'] += 1_790_000
    expect((await jar.get()).cookies).toEqual([])
    proxy['now'] += 20_000
    const renewed = await jar.get()
    expect([renewed.body, renewed.cookies.length]).toEqual([first.body, 1])
    proxy['now'] += 3_610_000
    const late = await jar.get()
    expect(late.cookies).toHaveLength(1)
    expect(proxy.proxy.counters.sessions).toEqual({ new: 1, kept: 2, invalid: 1 })
  })

  test('is Secure where the client used TLS, as a trusted proxy says too, and nobody else', async () => {
    const secure = async (trustedProxies: string[], proto: string): Promise<boolean> => {
      const proxy = await scene.byCookie(await scene.letters('a'), {}, { trustedProxies })
      const more = `X-Forwarded-Proto: ${proto}\r\n`
      const [cookie] = (await new CookieJar(proxy.port).get('/', more)).cookies
      return cookie.endsWith('; SameSite=Lax; Secure')
    }
    expect(await secure(['127.0.0.1'], 'https')).toBe(true)
    expect(await secure(['127.0.0.1'], 'http')).toBe(false)
    expect(await secure([], 'https')).toBe(false)
  })

  const cacheable = {
    'Cache-Control: max-age=60': true,
    'Cache-Control: public, s-maxage=9': true,
    'Cache-Control: private="x"': true,
    'Cache-Control: max-age=1, Private': false,
    'Cache-Control: no-store': false,
    'X-None: 1': true,
  }
  for (const [field, added] of Object.entries(cacheable)) {
    test(`an answer that sets it is nobody else's (RFC 9111 7.3): ${field}`, async () => {
      const proxy = await scene.byCookie(await scene.letters('a', `${field}\r\n`))
      const jar = new CookieJar(proxy.port)
      const isAdded = ({ text }: { text: string }): boolean =>
        /\r\nCache-Control: private\r\n/.test(text.replace(field, ''))
      expect(isAdded(await jar.get())).toBe(added)
      const next = await jar.get()
      expect([isAdded(next), next.text.includes(`\r\n${field}\r\n`)]).toEqual([false, true])
    })
  }

  test('where `private` would not be heeded it waits for the next answer: RFC 9213 fields, 304', async () => {
    const [backend] = await scene.letters('a', 'CDN-Cache-Control: max-age=60\r\n')
    const proxy = await scene.byCookie([backend])
    const jar = new CookieJar(proxy.port)
    expect((await jar.get()).cookies).toEqual([])
    backend.behaviour = answering('HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    expect((await jar.get()).cookies).toEqual([])
    backend.behaviour = answering('HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\na')
    expect((await jar.get()).cookies).toHaveLength(1)
  })

  test('is not in answers of the proxy itself', async () => {
    const proxy = await scene.byCookie(await scene.letters('a'))
    proxy.proxy.balancer.setHealthy(proxy.proxy.balancer.servers[0], false)
    const answer = await new CookieJar(proxy.port).get()
    expect([answer.status, answer.cookies]).toEqual([503, []])
    expect(proxy.proxy.counters.sessions).toEqual({})
  })

  test('one that is forged, cut or foreign is as good as none, and a valid one beside it counts', async () => {
    const [backend] = await scene.letters('a')
    const proxy = await scene.byCookie([backend])
    const jar = new CookieJar(proxy.port)
    await jar.get()
    const value = jar.cookies.get('at')!
    const client = await RawClient.connect(proxy.port)
    scene.atEnd(() => client.leave())
    const forged = fc.oneof(
      fc.stringMatching(/^[!#-+\--:<-~]{0,60}$/).filter((text) => text !== value),
      fc.nat({ max: 39 }).map((length) => value.slice(0, length)),
      fc
        .tuple(fc.nat({ max: 39 }), fc.constantFrom('A', 'z', '0', '-', '_', '*'))
        .map(([at, letter]) => value.slice(0, at) + letter + value.slice(at + 1))
        .filter((text) => text !== value),
    )
    const ask = async (cookie: string): Promise<string[]> => {
      client.text = ''
      client.send(`GET / HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\n\r\n`)
      await client.until(() => client.text.endsWith('\r\n\r\na'))
      const { cookies, status } = readAnswer(client.text)
      expect(status).toBe(200)
      return [...cookies]
    }
    await fc.assert(
      fc.asyncProperty(forged, async (text) => {
        expect(await ask(`at=${text}`)).toEqual([expect.stringMatching(SET)])
        expect(await ask(`at=${text}; at=${value}`)).toEqual([])
      }),
      { numRuns: 60 },
    )
    const many = 'at=x; '.repeat(500)
    expect(await ask(`${many}at=${value}`)).toHaveLength(1) // Not all of them are tried.
    expect(backend.text).not.toMatch(/cookie/i)
  })
})

test('proxy-behaviour 2, stickiness: over HTTP/2 it is Secure, and found among the crumbs (RFC 9113 8.2.3)', async () => {
  const { backend, front } = await scene.http2()
  const client = await front.client()
  client.send(headers(1, request('/')))
  const [head] = (await client.reply(1)).blocks
  const [, set] = head.find(([name]) => name === 'set-cookie')!
  expect(set).toMatch(/^at=[\w-]{40}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  const crumbs: [string, string][] = ['a=1', set.split(';', 1)[0], 'b=2'].map((crumb) => [
    'cookie',
    crumb,
  ])
  client.send(headers(3, request('/', crumbs)))
  const [next] = (await client.reply(3)).blocks
  expect(next.some(([name]) => name === 'set-cookie')).toBe(false)
  expect(backend.text).toContain('\r\ncookie: a=1; b=2\r\n')
})

test('proxy-behaviour 2, stickiness: over real TLS it is Secure, and holds', async () => {
  const certificate = { cert: issued.certFile, key: issued.keyFile }
  const tls: TlsSettings = { certificates: [certificate], minVersion: '1.2', http2: false }
  const place = { host: '127.0.0.1', port: 0, proxyProtocol: false, tls }
  const proxy = await scene.byCookie(await scene.letters(), {}, { listen: [place] })
  const get = async (fields: Record<string, string>): Promise<IncomingMessage> => {
    const options = { ca: authority.own.cert, headers: fields, agent: false }
    const sent = requestOverTls(`https://127.0.0.1:${proxy.port}/`, options)
    const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage]
    return answer
  }
  const first = await get({})
  const [set] = first.headers['set-cookie']!
  expect(set).toMatch(/^at=[\w-]{40}; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  const home = await text(first)
  for (let i = 0; i < 4; i++) {
    const next = await get({ cookie: set.split(';', 1)[0] })
    expect([await text(next), next.headers['set-cookie']]).toEqual([home, undefined])
  }
})
