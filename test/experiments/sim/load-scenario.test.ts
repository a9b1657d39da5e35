import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { contendersOf } from '../../../experiments/sim/contenders.ts'
import { loadScenario } from '../../../experiments/sim/load-scenario.ts'
import { WrongInput } from '../../../experiments/sim/wrong-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-load-'))
afterAll(() => rmSync(folder, { recursive: true }))

const REST = 'work: { type: constant, value: 1 }\nservers: [{}]\n'

describe('a scenario from a file', () => {
  test('has a name, a seed and a strategy even if it says nothing of them', async () => {
    const path = join(folder, 'plain.yaml')
    writeFileSync(path, `duration: 100\narrivals: { type: paced, rate: 10 }\n${REST}`)
    const { scenario, strategies } = await loadScenario(path)
    expect(scenario).toMatchObject({ name: 'plain', seed: 1, strategy: 'round_robin' })
    expect(strategies).toBeUndefined()
  })

  test('that replays a trace ends just behind its last request, at its speed', async () => {
    const path = join(folder, 'trace.yaml')
    const arrivals = 'arrivals: { type: trace, times: [0, 30, 20], speed: 2 }'
    writeFileSync(path, `duration: .inf\n${arrivals}\n${REST}`)
    expect((await loadScenario(path)).scenario.duration).toBe(16)
  })

  test('that goes up and down by steps ends just behind the last of them', async () => {
    const path = join(folder, 'steps.yaml')
    const steps = '[{ rate: 10, duration: 1s }, { rate: 5, duration: 500ms }]'
    writeFileSync(path, `duration: .inf\narrivals: { type: steps, steps: ${steps} }\n${REST}`)
    expect((await loadScenario(path)).scenario.duration).toBe(1501)
  })

  test('is told all that is wrong with it, each with its place', async () => {
    const path = join(folder, 'wrong.yaml')
    writeFileSync(path, `duration: 0\narrivals: { type: paced }\n${REST}`)
    const act = loadScenario(path)
    await expect(act).rejects.toThrow(WrongInput)
    await expect(act).rejects.toThrow(`above 0, got 0 (${path}:1:11)\narrivals.rate is required`)
  })

  test('names files of strategies from where it is', async () => {
    const path = join(folder, 'scenario.yaml')
    writeFileSync(join(folder, 'mine.ts'), 'export default class {}')
    const strategies = 'strategies: [./mine.ts, { file: ./mine.ts, x: 1 }]'
    writeFileSync(path, `duration: 9\narrivals: { type: paced, rate: 10 }\n${REST}${strategies}`)
    const loaded = await loadScenario(folder)
    const contenders = contendersOf(loaded.strategies!, { home: loaded.home })
    expect(contenders).toMatchObject([
      { label: './mine.ts', file: join(folder, 'mine.ts') },
      { label: './mine.ts{x: 1}', file: join(folder, 'mine.ts'), options: { x: 1 } },
    ])
  })
})
