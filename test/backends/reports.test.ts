import { expect, test } from 'vitest'
import { readReport, type Report, SILENT } from '../../proxy/core/report.ts'
import { RawClient } from '../support/raw-client.ts'
import { counts, get, put, start, timers } from './fakes.ts'

/** What the answer says of the server's load. */
function reportOf({ headers }: { headers: Headers }): Report {
  const report = { ...SILENT }
  expect(readReport(headers.get('endpoint-load-metrics') ?? '', report)).toBe(true)
  return report
}

test('every answer says how many others are in hand, and what they take', async () => {
  const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '10', CONCURRENCY: '1', QUEUE: '1' })
  const first = get(fake, '/')
  await counts(fake, { serving: 1 })
  const second = get(fake, '/')
  await counts(fake, { queued: 1 })
  const refused = await get(fake, '/')
  expect(refused.status).toBe(503)
  expect(reportOf(refused)).toMatchObject({ inflight: 2, latency: NaN, rate: 1, errorRate: 1 })
  timers.advance(10)
  expect(reportOf(await first)).toMatchObject({ inflight: 1, latency: 10 })
  timers.advance(10)
  expect(reportOf(await second)).toMatchObject({ inflight: 0, latency: 10 })
  const health = await get(fake, '/health')
  expect(reportOf(health)).toMatchObject({ inflight: 0, latency: 10 })
  expect(reportOf(health).utilization).toBeCloseTo(1 - Math.exp(-0.02), 3)
})

test('a failed request is a report as well', async () => {
  const fake = await start({ FAILURE_RATE: '1' })
  const failed = await get(fake, '/')
  expect(failed.status).toBe(500)
  expect(reportOf(failed)).toEqual({
    inflight: 0,
    latency: NaN,
    utilization: NaN,
    rate: 1,
    errorRate: 1,
  })
})

test('a probe is answered at once by a server that is full, without a body, and is not counted', async () => {
  const fake = await start({ MIN_LATENCY: '10', MAX_LATENCY: '10', CONCURRENCY: '1', QUEUE: '0' })
  const request = get(fake, '/')
  await counts(fake, { serving: 1 })
  const before = fake.state()
  for (const path of ['/probe', '/probe?x=1']) {
    const probe = await get(fake, path)
    expect(probe).toMatchObject({ status: 204, body: '' })
    expect(probe.headers.get('x-served-by')).toBe('b1')
    expect(reportOf(probe)).toMatchObject({ inflight: 1, rate: 0 })
  }
  expect(fake.state()).toEqual(before)
  timers.advance(10)
  await request
})

test('probes keep their connection', async () => {
  const fake = await start()
  const client = await RawClient.connect(Number(new URL(fake.url).port))
  for (let i = 1; i <= 3; i++) {
    client.send('GET /probe HTTP/1.1\r\nhost: x\r\n\r\n')
    await client.until(() => client.text.split('204 No Content').length > i)
  }
  expect(client.closed).toBe(false)
  client.leave()
})

test('a server that is ill does not answer probes', async () => {
  const fake = await start()
  await put(fake, { outage: true })
  expect(await get(fake, '/probe')).toMatchObject({ status: 503 })
  await put(fake, { outage: false })
  expect(await get(fake, '/probe')).toMatchObject({ status: 204 })
})

test('paths that only look like it are requests', async () => {
  const fake = await start()
  for (const path of ['/probes', '/probe/', '/Probe']) {
    expect(await get(fake, path)).toMatchObject({ status: 200 })
  }
  expect(fake.state()).toMatchObject({ counts: { served: 3 } })
})

test('its places are busy while a request is served, and free again when the client has left', async () => {
  const fake = await start({ MIN_LATENCY: '9000', MAX_LATENCY: '9000', CONCURRENCY: '2' })
  const client = new AbortController()
  const request = get(fake, '/', { signal: client.signal })
  await counts(fake, { serving: 1 })
  timers.advance(500)
  const busy = 0.5 * (1 - Math.exp(-0.5))
  expect(reportOf(await get(fake, '/probe')).utilization).toBeCloseTo(busy, 3)
  client.abort()
  await expect(request).rejects.toThrow('abort')
  await counts(fake, { abandoned: 1 })
  timers.advance(1000)
  expect(reportOf(await get(fake, '/probe'))).toMatchObject({ inflight: 0, rate: 0 })
  expect(reportOf(await get(fake, '/probe')).utilization).toBeCloseTo(busy / Math.E, 3)
})
