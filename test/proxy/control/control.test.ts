import { expect, it } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { useControl } from './scene.ts'

const scene = useControl()
const TOKEN = 'a-token-of-some-length'

it('lists servers with what operators want of them and what has come of it', async () => {
  const { ask, backend } = await scene().start()
  const { status, body, headers } = await ask('GET', '/servers')
  expect(status).toBe(200)
  const common = { url: backend.url, state: 'ready', backup: false, status: 'up', reason: '' }
  expect(body).toEqual({
    servers: [
      { id: 'b1', ...common, weight: 2, max: 100, inFlight: 0 },
      { id: 'b2', ...common, weight: 1, max: null, inFlight: 0 },
    ],
  })
  expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/)
  expect(headers.get('cache-control')).toBe('no-store')
})

it('shows one server, and none that there is not', async () => {
  const { ask } = await scene().start()
  expect((await ask('GET', '/servers/b2')).body).toMatchObject({ id: 'b2', weight: 1 })
  expect((await ask('GET', '/servers/%62%32')).body).toMatchObject({ id: 'b2' })
  expect(await ask('GET', '/servers/b3')).toMatchObject({
    status: 404,
    body: { error: 'no_such_server', problems: [] },
  })
  expect((await ask('HEAD', '/servers/b2')).body).toBeUndefined()
})

it.each(['/', '/server', '/servers/', '/servers/b1/x', '/servers/%ff', '//servers', '/lbs'])(
  'knows no %s',
  async (path) => {
    const { ask } = await scene().start()
    expect((await ask('GET', path)).status).toBe(404)
  },
)

it('says which methods there are instead', async () => {
  const { ask } = await scene().start()
  const { headers, status } = await ask('PUT', '/servers', {})
  expect(status).toBe(405)
  expect(headers.get('allow')).toContain('GET, HEAD')
})

it('lets nobody in without its token, for anything', async () => {
  const { ask } = await scene().start({}, { token: TOKEN })
  for (const authorization of ['', TOKEN, `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, 'Bearer ']) {
    const { body, headers, status } = await ask('GET', '/nothing', undefined, { authorization })
    expect([status, body['error']]).toEqual([401, 'unauthorized'])
    expect(headers.get('www-authenticate')).toBe('Bearer')
  }
  const right = { authorization: `Bearer ${TOKEN}` }
  expect((await ask('GET', '/servers', undefined, right)).status).toBe(200)
})

it('refuses pages of other origins, and names made to point here', async () => {
  const { port } = new URL((await scene().start()).url)
  const exchange = (fields: string): Promise<string> =>
    RawClient.exchange(
      Number(port),
      `GET /servers HTTP/1.1\r\nConnection: close\r\n${fields}\r\n\r\n`,
    )
  expect(await exchange(`Host: 127.0.0.1:${port}`)).toMatch(/^HTTP\/1.1 200/)
  expect(await exchange(`Host: localhost:${port}`)).toMatch(/^HTTP\/1.1 200/)
  expect(await exchange(`Host: [::1]:${port}`)).toMatch(/^HTTP\/1.1 200/)
  expect(await exchange(`Host: evil.test:${port}`)).toMatch(/^HTTP\/1.1 403[^]*forbidden_host/)
  for (const origin of ['http://evil.test', 'null', 'https://127.0.0.1']) {
    expect(await exchange(`Host: 127.0.0.1:${port}\r\nOrigin: ${origin}`)).toMatch(
      /^HTTP\/1.1 403[^]*forbidden_origin/,
    )
  }
  const own = `http://127.0.0.1:${port}`
  expect(await exchange(`Host: 127.0.0.1:${port}\r\nOrigin: ${own}`)).toMatch(/^HTTP\/1.1 200/)
})

it('shows the pages below the prefix too, and says that they may act', async () => {
  const { ask, url } = await scene().start()
  expect((await ask('GET', '/lb/steering')).body).toEqual({ here: true, token: false })
  expect((await ask('GET', '/lb/stats')).body).toMatchObject({ strategy: 'round_robin' })
  const page = await fetch(`${url}/lb/`)
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'")
  expect(await page.text()).toContain('<!doctype html>')
  expect((await ask('POST', '/lb/stats', {})).status).toBe(405)
  const news = await fetch(`${url}/lb/events`)
  const reader = news.body!.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: hello')
  await reader.cancel()
})

it('shows figures to nobody without the token, but the pages that ask for it', async () => {
  const { ask, url } = await scene().start({}, { token: TOKEN })
  expect((await ask('GET', '/lb/steering')).body).toEqual({ here: true, token: true })
  expect((await fetch(`${url}/lb/`)).status).toBe(200)
  for (const path of ['stats', 'events', 'history', 'metrics', 'ready', 'assets/none.js']) {
    expect((await ask('GET', `/lb/${path}`)).status).toBe(401)
  }
  const right = { authorization: `Bearer ${TOKEN}` }
  expect((await ask('GET', '/lb/stats', undefined, right)).status).toBe(200)
})

it('shows no page to one of another origin, or by a name that is made to point here', async () => {
  const { port } = new URL((await scene().start()).url)
  const exchange = (fields: string): Promise<string> =>
    RawClient.exchange(Number(port), `GET /lb/ HTTP/1.1\r\nConnection: close\r\n${fields}\r\n\r\n`)
  expect(await exchange('Host: evil.test')).toMatch(/^HTTP\/1.1 403[^]*forbidden_host/)
  expect(await exchange(`Host: 127.0.0.1:${port}\r\nOrigin: http://evil.test`)).toMatch(
    /^HTTP\/1.1 403[^]*forbidden_origin/,
  )
})

it('refuses what is not known in the query', async () => {
  const { ask } = await scene().start()
  expect(await ask('GET', '/servers?x=1')).toMatchObject({
    status: 400,
    body: { error: 'bad_request', problems: ['"x" is not known in the query: there is none'] },
  })
})
