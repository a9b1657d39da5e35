import { describe, expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { counts, get, put, start, timers } from './fakes.ts'

describe('faults', () => {
  test('fail exactly the requests that the seed says', async () => {
    const fake = await start({ FAILURE_RATE: '0.3', SEED: '9' })
    const dice = new Rng(9).fork('b1').fork('faults')
    const expected = Array.from({ length: 100 }, () => (dice.float() < 0.3 ? 500 : 200))
    const statuses: number[] = []
    for (let i = 0; i < 100; i++) {
      const { status, body } = await get(fake, '/')
      statuses.push(status)
      if (status === 500) {
        expect(JSON.parse(body)).toEqual({ server: 'b1', error: 'simulated_failure' })
      }
      expect((await get(fake, '/health')).status).toBe(200)
    }
    expect(statuses).toEqual(expected)
    const failed = expected.filter((status) => status === 500).length
    expect(fake.state()['counts']).toMatchObject({ arrived: 100, served: 100 - failed, failed })
  })

  test('make a failure take as long as an answer', async () => {
    const fake = await start({ FAILURE_RATE: '1', MIN_LATENCY: '10', MAX_LATENCY: '10' })
    const answer = get(fake, '/')
    await counts(fake, { serving: 1 })
    timers.advance(10)
    const { status, headers } = await answer
    expect([status, headers.get('server-timing')]).toEqual([500, 'work;dur=10.000'])
  })

  test('switch an outage on for everything and off again, and those inside are still served', async () => {
    const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '10' })
    const inside = get(fake, '/')
    await counts(fake, { serving: 1 })
    expect((await put(fake, { outage: true })).status).toBe(200)
    const health = await get(fake, '/health?deep')
    expect([health.status, JSON.parse(health.body)]).toEqual([
      503,
      { server: 'b1', status: 'outage' },
    ])
    const other = await get(fake, '/')
    expect([other.status, JSON.parse(other.body)]).toEqual([503, { server: 'b1', error: 'outage' }])
    timers.advance(10)
    expect((await inside).status).toBe(200)
    await put(fake, { outage: false, minLatency: 0, maxLatency: 0 })
    expect((await get(fake, '/health')).status).toBe(200)
    expect((await get(fake, '/')).status).toBe(200)
    await counts(fake, { arrived: 3, served: 2, refused: 1 })
  })

  test('are shown and changed on the admin route', async () => {
    const fake = await start({ SEED: '3', CONCURRENCY: '2' })
    const change = { failureRate: 0.5, minLatency: 1, maxLatency: 2 }
    const answer = await put(fake, change)
    expect(JSON.parse(answer.body)).toEqual(JSON.parse(JSON.stringify(fake.state())))
    expect(fake.state()).toMatchObject({
      server: 'b1',
      seed: 3,
      outage: false,
      ...change,
      concurrency: 2,
      queue: null,
    })
  })

  test('stay as they are after a change that is wrong', async () => {
    const fake = await start()
    const before = fake.state()
    for (const [body, problem] of [
      ['{"failureRate":2,"outage":true}', 'failureRate must be from 0 to 1, got 2'],
      ['{"outage":', 'the body must be a JSON object'],
      ['', 'the body must be a JSON object'],
    ]) {
      const answer = await put(fake, body)
      expect([answer.status, JSON.parse(answer.body)]).toEqual([
        400,
        { server: 'b1', error: 'bad_request', problems: [problem] },
      ])
    }
    expect((await put(fake, ' '.repeat(20_000))).status).toBe(413)
    expect((await get(fake, '/_fake', { method: 'POST' })).status).toBe(405)
    expect(fake.state()).toEqual(before)
  })

  test('are out of reach for what comes through a proxy', async () => {
    const fake = await start()
    const headers = { via: '1.1 evenkeel' }
    expect((await get(fake, '/_fake', { headers })).status).toBe(403)
    const body = '{"outage":true}'
    expect((await get(fake, '/_fake', { method: 'PUT', body, headers })).status).toBe(403)
    expect(fake.faults.outage).toBe(false)
  })
})
