import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ShopSource } from '../../../experiments/load/shop-source.ts'
import type { DueRequest, Source } from '../../../experiments/load/source.ts'
import { inspectTrace, TraceSource } from '../../../experiments/load/trace-source.ts'
import { hasNasa, NASA } from '../../support/nasa.ts'

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))

afterAll(() => rmSync(directory, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text, 'latin1')
  return path
}

function take(source: Source, most: number): DueRequest[] {
  const requests: DueRequest[] = []
  for (let i = 0; i < most; i++) {
    const request = source.next()
    if (request === undefined) break
    requests.push(request)
  }
  return requests
}

describe('the shop', () => {
  test('sends the same requests for the same seed, and others for another', () => {
    const first = take(new ShopSource(100, 7), 200)
    expect(take(new ShopSource(100, 7), 200)).toEqual(first)
    expect(take(new ShopSource(100, 8), 200)).not.toEqual(first)
  })

  test('sends the same requests at every rate, only closer together', () => {
    const slow = take(new ShopSource(100, 7), 200)
    const fast = take(new ShopSource(200, 7), 200)
    expect(fast.map(({ path }) => path)).toEqual(slow.map(({ path }) => path))
    fast.forEach(({ time }, i) => expect(time).toBeCloseTo(slow[i].time / 2, 6))
  })

  test('names a rate that cannot be', () => {
    expect(() => new ShopSource(0, 1)).toThrow(/^shop\.rate must be above 0/)
  })

  test('keeps its rate, and asks only what may be asked twice', () => {
    const requests = take(new ShopSource(500, 1), 20_000)
    // Of 20,000 Poisson arrivals the time of the last strays by 1/141; five times that is a fault.
    expect(requests.at(-1)!.time / 40_000).toBeCloseTo(1, 1)
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET', 'HEAD']))
    expect(requests.every(({ path }) => /^\/[!-~]*$/.test(path))).toBe(true)
  })
})

describe('a trace', () => {
  test('is replayed at its own times, divided by the speed', () => {
    const path = file('a.csv', 't,method,path,key\n5,GET,/a,x\n5,HEAD,/b,y\n7.5,GET,/c,x\n')
    expect(take(new TraceSource(path, 10), 9)).toEqual([
      { time: 0, method: 'GET', path: '/a', client: 'x' },
      { time: 0, method: 'HEAD', path: '/b', client: 'y' },
      { time: 250, method: 'GET', path: '/c', client: 'x' },
    ])
  })

  test('that steps back in time sends that request with the latest before it', () => {
    const path = file('back.csv', 't,path\n1,/a\n3,/b\n2,/c\n4,/d')
    expect(take(new TraceSource(path, 1), 9).map(({ time }) => time)).toEqual([0, 2000, 2000, 3000])
  })

  test('keeps bytes that are no ASCII, across the borders of blocks', () => {
    const long = `/${'\xe4'.repeat(40_000)}`
    const path = file('bytes.csv', `t,path\n0,${long}\n1,${long}\n`)
    expect(take(new TraceSource(path, 1), 9).map((request) => request.path)).toEqual([long, long])
  })

  test('is refused with its first bad lines when more than one in a hundred is bad', () => {
    const path = file('bad.csv', 't,path\n0,/a\nsoon,/b\n')
    expect(() => inspectTrace(path)).toThrow(/1 of 2 lines cannot be read\n {2}line 3: .*soon/)
  })

  test.each([
    ['empty.csv', 't,path\n', 'holds no request'],
    ['none.csv', '', 'is empty'],
    ['other.csv', 'a,b\n1,2\n', 'no time column'],
  ])('is refused when there is nothing to replay: %s', (name, text, reason) => {
    const path = file(name, text)
    expect(() => inspectTrace(path)).toThrow(reason)
  })

  test('is refused when it cannot be opened', () => {
    expect(() => inspectTrace(join(directory, 'nowhere.csv'))).toThrow('does not exist')
    expect(() => inspectTrace(directory)).toThrow('is a directory')
  })

  test.skipIf(!hasNasa)('of the NASA gives 30,969 requests over 46,321 seconds', () => {
    expect(inspectTrace(NASA)).toMatchObject({ entries: 30_969, span: 46_321_000, bad: 0 })
    const requests = take(new TraceSource(NASA, 600), Infinity)
    expect(requests).toHaveLength(30_969)
    expect(requests.at(-1)!.time).toBeCloseTo(46_321_000 / 600, 6)
    expect(requests.filter(({ method }) => method === 'HEAD')).toHaveLength(95)
    expect(new Set(requests.map(({ client }) => client)).size).toBe(2365)
  })
})
