import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { PickResult } from '../../../experiments/bench/pick-report.ts'

const PROGRAM = fileURLToPath(new URL('../../../experiments/bench/pick.ts', import.meta.url))

function bench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [PROGRAM, ...args])
}

test('a short run finds a figure for everything, and saves it', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-pick-'))
  try {
    const json = join(folder, 'result.json')
    const few = ['--strategy', 'rr,nothing', '--servers', '3', '--rounds', '1', '--seconds', '0.01']
    const { stdout } = await bench(...few, '--json', json)
    expect(stdout).toMatch(/│ round_robin │ +3 │/)
    const { cases, machine } = JSON.parse(readFileSync(json, 'utf8')) as PickResult
    expect(machine.node).toBe(process.version)
    expect(cases.map(({ name, servers }) => [name, servers])).toEqual([
      ['round_robin', 3],
      ['nothing', 3],
    ])
    for (const { speeds, failure } of cases) {
      expect(failure).toBeUndefined()
      for (const { median, plain, cpu } of [speeds[0].pick, speeds[0].request]) {
        for (const figure of [median, plain]) expect(figure).toBeGreaterThan(0)
        expect(cpu).toBeGreaterThanOrEqual(0) // Some kernels count it in steps of milliseconds.
      }
    }
    expect(cases[0].standing!.update).toBeGreaterThan(0)
    expect(cases[0].standing!.balance.share).toBe(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an unknown strategy and an impossible number of servers are refused by name', async () => {
  await expect(bench('--strategy', 'rr,robin')).rejects.toThrow(/no strategy robin: there are rou/)
  await expect(bench('--strategy', 'roud_robin')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no strategy roud_robin: did you mean round_robin?') as string,
  })
  await expect(bench('--servers', '10,1')).rejects.toThrow(/from 2 to 1000/)
  await expect(bench('--servers', '1001')).rejects.toThrow(/from 2 to 1000/)
})
