import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Interrupt } from '../../../experiments/live/interrupt.ts'
import { cellsOf } from '../../../experiments/sweep/cells.ts'
import { collect, workOf } from '../../../experiments/sweep/collect.ts'
import { readMetric, type SweepFlags } from '../../../experiments/sweep/options.ts'
import { readVary } from '../../../experiments/sweep/vary.ts'
import { sweepOf } from '../../../experiments/sweep/plan.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import { pilotSeedOf } from '../../../simulator/study/seeds.ts'
import type { Errand } from '../../../simulator/study/study.ts'
import { calmIn } from './calm.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sweep-cells-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = calmIn(folder)

describe('the cells of a sweep', () => {
  const never = { happened: false } as Interrupt

  function refusal(flags: Partial<SweepFlags>): Promise<unknown> {
    const all: SweepFlags = { format: 'human', metric: 'p99', against: 'first', ...flags }
    return cellsOf([scenario], all, never).catch((error: unknown) => (error as Error).message)
  }

  test('are refused with what is wrong', async () => {
    expect(await refusal({ strategy: ['randon'] })).toContain('did you mean random?')
    expect(await refusal({ vary: readVary('arrivals.rat=1') })).toContain('did you mean rate?')
    expect(await refusal({ vary: readVary('duration=1s'), duration: 2000 })).toContain('as well')
    expect(await refusal({ vary: readVary('duration=1s,4s'), warmup: 2000 })).toContain(
      'a warm-up of 2 s leaves nothing of 1 s',
    )
    expect(() => readMetric('p98')).toThrow('Did you mean p95?')
  })

  test('are called the same wherever they are, and otherwise where anything else is run', async () => {
    const id = async (flags: Partial<SweepFlags>, path = scenario): Promise<string> => {
      const all: SweepFlags = { format: 'human', metric: 'p99', against: 'first', ...flags }
      return sweepOf(await cellsOf([path], all, never)).id
    }
    const there = join(mkdtempSync(join(folder, 'other-')), 'calm.json')
    copyFileSync(scenario, there)
    const plain = await id({})
    expect(await id({}, there)).toBe(plain)
    // The seeds that ten replications have are the same ten, named.
    expect(await id({ reps: 10 })).toBe(plain)
    const others = [
      await id({ reps: 9 }),
      await id({ seeds: [1, 2] }),
      await id({ strategy: ['random'] }),
      await id({ warmup: 100 }),
      await id({ vary: readVary('arrivals.rate=300') }),
    ]
    expect(new Set([plain, ...others]).size).toBe(6)
  })

  test('are divided into parts that have every run once, and differ by one run at most', async () => {
    const flags: SweepFlags = {
      format: 'human',
      metric: 'p99',
      against: 'first',
      reps: 5,
      vary: readVary('proxies=1,2,3'),
    }
    const sweep = sweepOf(await cellsOf([scenario], flags, never))
    for (let of = 1; of <= 31; of++) {
      const sizes: number[] = []
      const runs: string[] = []
      for (let index = 1; index <= of; index++) {
        const before = runs.length
        const run = async (cell: number, { contender, seed, warmup }: Errand) => {
          // Pilots are each part's own.
          if (seed !== pilotSeedOf(5)) runs.push(`${cell} ${contender} ${seed} ${warmup}`)
          return { sums: new Float64Array(400), counts: new Float64Array(400) } as Replication
        }
        await collect(sweep, { run }, { index, of })
        sizes.push(runs.length - before)
        expect(workOf(sweep, { index, of }).runs).toBe(sizes.at(-1))
      }
      expect(new Set(runs).size).toBe(30)
      expect(runs).toHaveLength(30)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    }
  })
})
