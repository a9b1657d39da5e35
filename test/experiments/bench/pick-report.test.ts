import { expect, test } from 'vitest'
import type { Machine } from '../../../experiments/bench/machine.ts'
import type { Speed, Standing } from '../../../experiments/bench/pick-messages.ts'
import {
  cells,
  misses,
  type PickCase,
  type PickResult,
  ratio,
  remarks,
  toMarkdown,
} from '../../../experiments/bench/pick-report.ts'

const machine: Machine = {
  cpu: 'A processor',
  cores: 2,
  memory: 4,
  kernel: 'Linux 6',
  node: 'v26.10.0',
  commit: 'abc1234',
  date: '2026-11-23T04:00Z',
}

function speed(pick: number): Speed {
  const timing = (median: number): Speed['pick'] => {
    return { median, deviation: 0.1, plain: median * 1.5, cpu: median + 1 }
  }
  return { pick: timing(pick), request: timing(pick + 20) }
}

const standing: Standing = {
  pickBytes: 0,
  requestBytes: 0.04,
  make: 1.25,
  update: 0.0123,
  balance: { busiest: 1.234, share: 1.01 },
}

function one(
  name: string,
  servers: number,
  picks: number[],
  more: Partial<Standing> = {},
): PickCase {
  return { name, servers, speeds: picks.map(speed), standing: { ...standing, ...more } }
}

function result(...cases: PickCase[]): PickResult {
  return { machine, rounds: 2, seconds: 0.5, cases }
}

test('the ratio is taken within a round, by CPU time, among as many servers', () => {
  const [ours, few, many] = [
    one('random', 10, [19, 59]),
    one('round_robin', 3, [1, 1]),
    one('round_robin', 10, [9, 19]),
  ]
  expect(ratio(ours, many)).toEqual({ median: 2.5, min: 2, max: 3 })
  expect(cells(result(few, ours, many))[1][4]).toBe('2.50 (2.00..3.00)')
  expect(cells(result(few, ours))[1][4]).toBe('-')
})

test('a line has speed, bytes, and quality; keys moved stand beside what had to move', () => {
  const ring = one('ring_hash', 10, [8, 10], { moves: { moved: 0.1123, due: 0.1 } })
  const failed: PickCase = { name: 'x', servers: 3, speeds: [], failure: 'Error: no' }
  expect(cells(result(ring, failed))).toEqual([
    [
      'ring_hash',
      '10',
      '9.0 (8.0..10.0)',
      '10.0',
      '-',
      '29.0 (28.0..30.0)',
      '0.0 / 0.0',
      '1.3',
      '0.012',
      '1.23',
      '1.01',
      '11.23 % (10.00 %)',
    ],
    ['x', '3', 'failed'],
  ])
  const lines = remarks(result(ring, failed))
  expect(lines).toContain(
    'a loop by hand took 1.50 times what tinybench says, and CPU time 1.11 (1.10..1.13) times',
  )
  expect(lines).toContain('x with 3 servers FAILED: Error: no')
})

test('what is slower, larger or later than it should be is said', () => {
  expect(misses(result(one('random', 10, [29]), one('least_connections', 1000, [999])))).toEqual([])
  expect(misses(result(one('random', 100, [50]), one('least_connections', 10, [50])))).toEqual([])
  const missed = [
    one('random', 10, [30]),
    one('least_connections', 1000, [1000]),
    one('random', 3, [1], { requestBytes: 12 }),
    one('maglev', 1000, [1], { make: 51 }),
  ]
  expect(misses(result(...missed))).toEqual([
    'MISSED: random with 10 servers takes 31.0 ns without the loop, more than 30',
    'MISSED: least_connections with 1000 servers takes 1001.0 ns without the loop, more than 1000',
    'MISSED: random with 3 servers allocates',
    'MISSED: maglev with 1000 servers needs 51.0 ms for its table, more than 50',
  ])
})

test('in Markdown every line has as many cells', () => {
  const lines = toMarkdown(result(one('random', 10, [9]))).split('\n')
  const table = lines.filter((line) => line.startsWith('|'))
  expect(table.map((line) => line.split('|').length)).toEqual([14, 14, 14])
})
