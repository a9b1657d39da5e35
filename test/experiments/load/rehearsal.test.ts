import { expect, test } from 'vitest'
import { rehearse } from '../../../experiments/load/rehearsal.ts'
import type { LoadReport } from '../../../experiments/load/report.ts'
import { load, serve } from './loading.ts'

const sender = { url: 'http://127.0.0.1:9' }

test.each(['open', 'closed'] as const)(
  'a rehearsal of the %s model sends so many requests, and none to the target',
  async (model) => {
    // Nothing listens at the target: it would be seen as a failure.
    const rehearsal = await rehearse({ model, sender }, 200)
    expect(rehearsal!.requests).toBeGreaterThan(0)
    // An open one sends exactly so many; users are looked after every few milliseconds. A machine may be too slow for all of them.
    if (model === 'open') expect(rehearsal!.requests).toBeLessThanOrEqual(200)
    expect(rehearsal!.took).toBeGreaterThan(0)
  },
)

test('there is none if nobody wants one, and the report says so', async () => {
  expect(await rehearse({ model: 'open', sender }, 0)).toBeNull()
  const { requests, url } = await serve()
  const run = ['--arrivals', 'paced', '--rate', '20', '--duration', '500ms', '--format', 'json']
  const { stdout } = await load(url, ...run, '--rehearsal', '0')
  expect((JSON.parse(stdout) as LoadReport).rehearsal).toBeNull()
  expect(requests).toHaveLength(10)
})

test('the report says what was rehearsed, and the target has seen only the run', async () => {
  const { requests, url } = await serve()
  const run = ['--arrivals', 'paced', '--rate', '20', '--duration', '500ms']
  const { stdout } = await load(url, ...run, '--rehearsal', '100')
  expect(stdout).toMatch(
    /rehearsal {2}\d+ requests in [\d.]+ s to a server of our own, off the record/,
  )
  expect(requests).toHaveLength(10)
})
