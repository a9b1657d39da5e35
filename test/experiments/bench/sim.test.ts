import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { assertMean, SIMULATED, theoryOf } from '../../../experiments/bench/sim-model.ts'
import { misses, type SimResult } from '../../../experiments/bench/sim-report.ts'

const PROGRAM = fileURLToPath(new URL('../../../experiments/bench/sim.ts', import.meta.url))

function bench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [PROGRAM, ...args])
}

test('a short run finds a figure, says that there is no SimPy, and saves it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sim-'))
  try {
    const json = join(folder, 'result.json')
    const few = ['--strategy', 'rr', '--servers', '10', '--rounds', '1', '--requests', '50000']
    const without = ['--no-memory', '--python', join(folder, 'python')]
    const { stdout } = await bench(...few, ...without, '--json', json)
    expect(stdout).toMatch(/│ round_robin │ +10 │.* absent │ +absent │/)
    expect(stdout).toContain('SimPy is ABSENT')
    const { cases, machine } = JSON.parse(readFileSync(json, 'utf8')) as SimResult
    expect(machine.node).toBe(process.version)
    expect(cases).toHaveLength(1)
    const { failure, name, runs, servers } = cases[0]
    expect([name, servers, failure]).toEqual(['round_robin', 10, undefined])
    expect(runs).toHaveLength(1)
    expect(Math.abs(runs[0].requests / 50_000 - 1)).toBeLessThan(0.02)
    expect(runs[0].cpu).toBeGreaterThan(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an unknown strategy is refused by name, and so is one that nobody can simulate here', async () => {
  await expect(bench('--strategy', 'roud_robin')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no strategy roud_robin: did you mean round_robin?') as string,
  })
  await expect(bench('--strategy', 'first')).rejects.toThrow(/no strategy first: there are round_r/)
  await expect(bench('--servers', '1001')).rejects.toThrow(/from 2 to 1000/)
})

test('a mean that is not that of theory, or better than one queue for all, is refused', () => {
  const count = 2_000_000
  expect(theoryOf('round_robin', 10)).toBeCloseTo(56.6, 1)
  expect(() => assertMean('round_robin', 10, { count, mean: 56 })).not.toThrow()
  expect(() => assertMean('round_robin', 10, { count, mean: 50 })).toThrow(/50.00 ms, and not 56.6/)
  expect(() => assertMean('random', 10, { count, mean: 107 })).toThrow('107.00 ms, and not 100.00')
  expect(() => assertMean('prequal', 10, { count, mean: 107 })).not.toThrow()
  expect(() => assertMean('prequal', 10, { count, mean: 15 })).toThrow('not at least 16.69')
})

test('what is too slow, too near to SimPy or grows is named', () => {
  const run = { requests: 1_000_000, wall: 500, cpu: 500, bytes: 0, mean: 50 }
  const theirs = { ...run, cpu: 20_000, simpy: '4', python: '3' }
  const at = (name: string, servers: number, cpu: number) => {
    return { name, servers, runs: [{ ...run, cpu }], simpy: servers === 10 ? [theirs] : [] }
  }
  const machine = { cpu: '', cores: 1, memory: 1, kernel: '', node: '', commit: '', date: '' }
  const samples = [1, 2 ** 22].map((heap) => ({ requests: heap, resident: heap, heap }))
  const result = { machine, rounds: 1, requests: 1, simpy: 'SimPy 4', memory: samples }
  expect(
    misses({
      ...result,
      cases: [
        at('round_robin', 10, 500),
        at('random', 10, 390),
        at('least_work', 10, 600),
        at('random', 1000, 1900),
        at('random', 1000, 2100),
      ],
    }),
  ).toEqual([
    'MISSED: round_robin with 10 servers comes to 2.00 million a CPU second, less than 2.5',
    expect.stringContaining('random with 1000 servers comes to 0.48 million'),
    'MISSED: the heap grows by 4.0 MiB',
  ])
  expect(misses({ ...result, memory: [], cases: [at('random', 10, 390)] })).toEqual([])
  theirs.cpu = 10_000
  expect(misses({ ...result, memory: [], cases: [at('random', 10, 390)] })).toEqual([
    'MISSED: random with 10 servers is 26 times as fast as SimPy',
  ])
  expect(SIMULATED).not.toContain('first')
})
