import { createServer, request as ask, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeBackend } from '../../../backends/server.ts'
import { readSettings } from '../../../backends/settings.ts'
import { Desk } from '../../../experiments/live/desk.ts'

const SETTINGS = { HOST: '127.0.0.1', PORT: '0', MIN_LATENCY: '0', MAX_LATENCY: '1', SEED: '1' }

let fakes: FakeBackend[]
let killed: string[]
let desk: Desk
let admin: Server

beforeEach(async () => {
  fakes = ['b1', 'b2'].map((id) => new FakeBackend(readSettings({ ...SETTINGS, SERVER_ID: id })))
  await Promise.all(fakes.map((fake) => fake.listen()))
  killed = []
  desk = new Desk(
    fakes.map((fake) => ({
      id: fake.id,
      url: fake.url,
      pid: 1,
      starts: 1,
      kill: () => killed.push(fake.id),
    })),
  )
  await desk.listen({ adminPort: undefined, port: 0 })
  // The proxy's admin API, as far as the desk is concerned.
  admin = createServer((request, response) => {
    response.setHeader('x-host', request.headers.host!)
    response.writeHead(418).write(`${request.method} ${request.url} `)
    request.pipe(response)
  })
  await new Promise<void>((resolve) => admin.listen(0, '127.0.0.1', resolve))
  desk.admin = `http://127.0.0.1:${(admin.address() as AddressInfo).port}`
})

afterEach(async () => {
  desk.close()
  admin.close()
  admin.closeAllConnections()
  await Promise.all(fakes.map((fake) => fake.stop()))
})

async function told(path: string): Promise<unknown> {
  return (await fetch(desk.url + path)).json()
}

async function change(id: string, fault: unknown, method = 'PUT'): Promise<number> {
  const init: RequestInit = { method, body: JSON.stringify(fault) }
  const answer = await fetch(`${desk.url}/lab/fakes/${id}`, init)
  await answer.text()
  return answer.status
}

describe('the desk in front of a lab', () => {
  test('says that here servers can be broken', async () => {
    expect(await told('/lb/steering')).toEqual({ here: true, token: false, fakes: true })
    expect(await told('/lab/fakes')).toEqual({
      fakes: [
        { id: 'b1', fault: 'well' },
        { id: 'b2', fault: 'well' },
      ],
    })
  })

  test('breaks a fake in each way, one alone, and mends it', async () => {
    const [, b2] = fakes
    const sound = b2.faults
    const seen: unknown[] = []
    for (const fault of ['fails', 'slow', 'outage', 'well']) {
      expect(await change('b2', { fault })).toBe(200)
      seen.push(b2.faults)
      const { fakes } = (await told('/lab/fakes')) as { fakes: unknown[] }
      expect(fakes).toEqual([
        { id: 'b1', fault: 'well' },
        { id: 'b2', fault },
      ])
    }
    expect(seen).toEqual([
      { ...sound, failureRate: 1, maxLatency: 0 },
      { ...sound, maxLatency: 10 },
      { ...sound, outage: true },
      sound,
    ])
    expect(await change('b2', { fault: 'gone' })).toBe(200)
    expect(killed).toEqual(['b2'])
  })

  test('says that a fake is gone while it does not answer', async () => {
    await fakes[1].stop()
    expect(await told('/lab/fakes')).toMatchObject({ fakes: [{}, { id: 'b2', fault: 'gone' }] })
  })

  test.each([
    ['b3', { fault: 'fails' }, 'PUT', 404],
    ['b1', { fault: 'on fire' }, 'PUT', 400],
    ['b1', null, 'PUT', 400],
    ['b1', { fault: 'fails', why: 'x'.repeat(2000) }, 'PUT', 413],
    ['b1', { fault: 'fails' }, 'POST', 405],
    ['%', { fault: 'fails' }, 'PUT', 404],
  ])('refuses what is none: %s %j %s is answered with %i', async (id, body, method, status) => {
    expect(await change(id, body, method)).toBe(status)
    expect(fakes[0].faults.failureRate).toBe(0)
  })

  test.each([
    ['a page from elsewhere', { origin: 'http://evil.example' }],
    ['a name that was made to point here', { host: 'evil.example' }],
  ])('lets %s do nothing', async (_, headers) => {
    const { promise, resolve } = Promise.withResolvers<number>()
    ask(`${desk.url}/lab/fakes/b1`, { method: 'PUT', headers }, (answer) =>
      resolve(answer.resume().statusCode!),
    ).end('{"fault":"fails"}')
    expect(await promise).toBe(403)
    expect(fakes[0].faults.failureRate).toBe(0)
  })

  test('passes on everything else as it came, and says when the proxy is gone', async () => {
    const answer = await fetch(`${desk.url}/servers?a=1`, { method: 'PATCH', body: 'weight' })
    expect(answer.status).toBe(418)
    expect(answer.headers.get('x-host')).toBe(new URL(desk.url).host)
    expect(await answer.text()).toBe('PATCH /servers?a=1 weight')
    admin.close()
    admin.closeAllConnections()
    expect((await fetch(`${desk.url}/servers`)).status).toBe(502)
    desk.admin = undefined
    expect((await fetch(`${desk.url}/servers`)).status).toBe(503)
  })

  test('takes a free port where the next one is taken, but not where it was told which', async () => {
    const taken = Number(new URL(desk.url).port)
    const other = new Desk([])
    await other.listen({ adminPort: undefined, port: taken - 1 })
    expect(other.url).not.toBe(desk.url)
    other.close()
    const third = new Desk([])
    await expect(third.listen({ adminPort: taken, port: 0 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})
