import { expect, test } from 'vitest'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'

test('a server is known by its id: its slot may have been another one’s, and be so again for another proxy', () => {
  const recorder = new RunRecorder()
  const [one, other] = ['one', 'other'].map((id) => new Endpoint(id))
  other.slot = one.slot
  for (const server of [one, one, other, one]) recorder.attempt(server, 5, 'ok')
  expect(recorder.servers.map(({ id }) => id)).toEqual(['one', 'other'])
  expect(recorder.of('one').snapshot(1000).count).toBe(3)
  expect(recorder.of('other').snapshot(1000).count).toBe(1)
  expect(recorder.of('nobody').snapshot(1000).count).toBe(0)
})

test('what a request took beyond its first attempt is a retry', () => {
  const recorder = new RunRecorder()
  for (const attempts of [0, 1, 2, 4]) recorder.request(5, attempts, 'ok')
  expect([recorder.requests.snapshot(1000).count, recorder.retries]).toEqual([4, 4])
})
