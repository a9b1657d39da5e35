import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readTrace } from '../../../simulator/trace/reader.ts'
import { hasNasa, NASA } from '../../support/nasa.ts'

function tally<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** The known answers are from the README beside the trace. */
test.skipIf(!hasNasa)('the real NASA trace gives its known answers', () => {
  const { entries, report } = readTrace(readFileSync(NASA, 'latin1'))
  expect(report).toMatchObject({
    entries: 30_969,
    span: 46_321_000,
    ties: 12_667,
    backwardSteps: 0,
    bad: 0,
    badLines: [],
  })
  expect(entries).toHaveLength(30_969)
  expect(entries[0]).toEqual({
    t: 0,
    method: 'GET',
    path: '/images/launch-logo.gif',
    key: 'pppa006.compuserve.com',
    status: 200,
    bytes: 1713,
    work: undefined,
  })
  expect(Object.fromEntries(tally(entries.map((entry) => entry.method)))).toEqual({
    GET: 30_873,
    HEAD: 95,
    POST: 1,
  })
  const hosts = tally(entries.map((entry) => entry.key))
  expect(hosts.size).toBe(2365)
  expect(Math.max(...hosts.values())).toBe(364)
  const statuses = tally(entries.map((entry) => entry.status))
  expect([200, 304, 302, 404].map((status) => statuses.get(status))).toEqual([
    27_972, 2421, 355, 221,
  ])
  const bytes = entries.map((entry) => entry.bytes!).toSorted((a, b) => a - b)
  expect(bytes[Math.floor(bytes.length / 2)]).toBe(2322)
  expect(bytes.at(-1)).toBe(1_269_716)
  expect(entries.some((entry) => entry.path === '/\\\\yahoo.com')).toBe(true)
})
