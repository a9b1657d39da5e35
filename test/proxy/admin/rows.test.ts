import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Past } from '../../../proxy/core/compact-row.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Scene } from './scene.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene()
})

afterEach(() => scene.admin.close())

function past(of = scene): Past {
  return of.ask('/lb/history').json as Past
}

test('a page that comes later learns what was before, a row a second', () => {
  scene.serve(10)
  scene.serve(30, 'error')
  scene.pass(3000)
  const { rows, startedAt } = past()
  expect(startedAt).toBe('2026-01-02T03:04:05.678Z')
  expect(rows.map(([time]) => time)).toEqual([1000, 2000, 3000])
  const [time, rate, p50, p99, error, timeout, refused, waiting, servers] = rows[0]
  expect([time, rate, error, timeout, refused, waiting]).toEqual([1000, 2, 1, 0, 0, 0])
  expect([p50, p99]).toEqual([expect.closeTo(10, 0), expect.closeTo(10, 0)])
  expect(servers.map(([id, picks, due]) => [id, picks, due])).toEqual([
    ['b1', 2, 1.5],
    ['b2', 0, 0.5],
  ])
  expect(rows[1].slice(1, 4)).toEqual([0, null, null])
})

test('what is kept is fifteen minutes', () => {
  scene.pass(902_000)
  const { rows } = past()
  expect(rows).toHaveLength(900)
  expect(rows[0][0]).toBe(3000)
})

test('with very many servers it is less time, and not more memory', () => {
  const servers = Array.from({ length: 400 }, (_, i) => new Endpoint(`${'x'.repeat(200)}${i}`))
  const large = new Scene(servers)
  large.pass(40_000)
  const { rows } = past(large)
  expect(rows.length).toBeLessThan(40)
  expect(rows.length).toBeGreaterThan(10)
  expect(rows.at(-1)![0]).toBe(40_000)
  large.admin.close()
})
