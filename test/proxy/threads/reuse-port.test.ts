import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { sharesPorts, threadsOf, whyNoThreads } from '../../../proxy/threads/reuse-port.ts'
import { load } from '../../support/configuration.ts'
import { ONE } from '../../support/configuration.ts'

test('auto is a thread a core where a port can be shared, and one thread elsewhere', () => {
  expect(threadsOf('auto', 'linux', 8)).toBe(8)
  expect(threadsOf('auto', 'darwin', 8)).toBe(1)
  expect(threadsOf(3, 'darwin', 8)).toBe(3)
})

test('several threads are refused where a port cannot be shared, with what to do about it', () => {
  expect(whyNoThreads(1, 'win32')).toBeUndefined()
  expect(whyNoThreads(4, 'linux')).toBeUndefined()
  expect(whyNoThreads(4, 'darwin')).toBe(
    'workers must be 1 on this system (darwin), where threads cannot share a port: got 4',
  )
})

test('the configuration says how many: in the file, in WORKERS and with --workers', () => {
  const auto = sharesPorts() ? availableParallelism() : 1
  expect(load(ONE).settings.workers).toBe(1)
  expect(load(`${ONE}workers: auto`).settings.workers).toBe(auto)
  expect(load(`${ONE}workers: 2`, { WORKERS: '3' }).settings.workers).toBe(3)
  expect(load(ONE, { WORKERS: '3' }, { workers: '4' }).settings.workers).toBe(4)
})
