import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../experiments/bench/machine.ts'
import { cells, remarks, rowOf, toMarkdown } from '../../../experiments/bench/report.ts'
import type { Result, Standing } from '../../../experiments/bench/report.ts'
import { assertServed, type Turn } from '../../../experiments/bench/turn.ts'

const machine: Machine = {
  cpu: 'A processor',
  cores: 2,
  memory: 4,
  kernel: 'Linux 6',
  node: 'v26.10.0',
  commit: 'abc1234',
  date: '2026-11-23T04:00Z',
}

function turn(cpu: number | undefined): Turn {
  const own = { clientCpu: cpu === undefined ? undefined : 9, backendCpu: cpu && 10 }
  return { requests: 1000, seconds: 2, cpu, p50: 1, p99: 2, ...own }
}

function standing(name: string, ...cpu: (number | undefined)[]): Standing {
  return { name, note: 'nothing else', version: '1.0', turns: cpu.map(turn) }
}

function result(...contenders: Standing[]): Result {
  const load = { rounds: 2, seconds: 2, warmup: 1, connections: 64, bodyLength: 100, backends: 2 }
  return { machine, load, yardstick: 'nginx', contenders }
}

describe('the table', () => {
  it('compares within a round, so that a slow minute does not count against anybody', () => {
    const row = rowOf(standing('ours', 60, 180, 70), standing('nginx', 20, 60, 20))
    expect(row.ratio).toEqual({ median: 3, min: 3, max: 3.5 })
    expect(row.cpu).toEqual({ median: 70, min: 60, max: 180 })
    expect(row.rate?.median).toBe(500)
  })

  it('has a line for each, also for who is not installed and who failed', () => {
    const absent: Standing = { name: 'caddy', note: '', version: undefined, turns: [] }
    const failed: Standing = { ...standing('haproxy'), failure: 'in round 1: not a 200' }
    const table = cells(result(standing('ours', 60, 80), standing('nginx', 20, 20), absent, failed))
    expect(table).toEqual([
      ['ours', '1.0', '70.0 (60.0..80.0)', '3.50 (3.00..4.00)', '500', '1.00', '2.00'],
      ['nginx', '1.0', '20.0', '1.00', '500', '1.00', '2.00'],
      ['caddy', '', 'not installed'],
      ['haproxy', '1.0', 'failed'],
    ])
    expect(remarks(result(failed))).toContain('haproxy FAILED: in round 1: not a 200')
  })

  it('says so where CPU cannot be read', () => {
    const blind = result(standing('ours', undefined))
    expect(cells(blind)[0].slice(2, 5)).toEqual(['-', '-', '500'])
    expect(remarks(blind).join('\n')).toContain('CPU cannot be read on this system')
  })

  it('is a Markdown table with as many cells in every line', () => {
    const lines = toMarkdown(result(standing('ours', 60))).split('\n')
    const table = lines.filter((line) => line.startsWith('|'))
    expect(table.map((line) => line.split('|').length)).toEqual([9, 9, 9])
  })
})

describe('assertServed', () => {
  it('catches a proxy that answers by itself, one that asks twice, and one that does nothing', () => {
    expect(() => assertServed(10, 10)).not.toThrow()
    expect(() => assertServed(10, 1)).toThrow(/answered 10 requests, the servers served 1/)
    expect(() => assertServed(10, 11)).toThrow(/served 11/)
    expect(() => assertServed(0, 0)).toThrow(/not one request/)
  })
})
