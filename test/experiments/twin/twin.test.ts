import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

interface Report {
  calibration: Record<'front' | 'behind', { values: string }>
  scenarios: {
    strategies: {
      strategy: string
      share: { error: number }
      runs: {
        measured: { generated: number }
        bare: { generated: number }
        predicted: { p50: string }
      }[]
    }[]
  }[]
}

const numbers = (text: string): number[] => text.split(' ').map(Number)

function evenkeel(...words: string[]): Promise<{ code: number; out: string; told: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['cli.ts', ...words], (error, out, told) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, told })
    })
  })
}

test('a twin run foretells and measures the same requests, and dice that nothing disturbs fall the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-twin-'))
  try {
    const words = ['equal', '--quick', '--strategy', 'random', '--duration', '800ms']
    const { code, out, told } = await evenkeel('twin', ...words, '--warmup', '0', '--out', folder)
    expect(told).toBe('')
    expect([0, 3, 99]).toContain(code) // By how busy this machine is.
    expect(out).toContain('The unexplained rest')
    const report = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as Report
    for (const { values } of Object.values(report.calibration))
      expect(numbers(values).every((value) => value >= 0)).toBe(true)
    const [{ runs, share, strategy }] = report.scenarios[0].strategies
    expect(strategy).toBe('random')
    expect(share.error).toBe(0)
    expect(runs).toHaveLength(1)
    expect(runs[0].measured.generated).toBe(runs[0].bare.generated)
    expect(numbers(runs[0].predicted.p50)).toHaveLength(39)
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)

test('what cannot be run with real sockets is told with its path, for twin and experiment', async () => {
  for (const verb of ['twin', 'experiment']) {
    const { code, told } = await evenkeel(verb, 'stale-herd', '--duration', '1s', '--warmup', '0')
    expect(code).toBe(2)
    expect(told).toContain('stale-herd: information: a real proxy knows its own requests')
  }
}, 60_000)

test('an experiment in both worlds has a line for each', async () => {
  const words = ['equal', '--duration', '600ms', '--warmup', '0', '--format', 'json']
  const { out } = await evenkeel('experiment', ...words)
  const { runs } = JSON.parse(out) as {
    runs: { world: string; result: { generated: number; requests: { count: number } } }[]
  }
  expect(runs.map(({ world }) => world)).toEqual(['sim', 'live'])
  const [sim, live] = runs.map(({ result }) => [result.generated, result.requests.count])
  expect(live).toEqual(sim)
}, 60_000)
