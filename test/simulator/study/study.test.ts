import { describe, expect, test } from 'vitest'
import { type Errand, type Question, study } from '../../../simulator/study/study.ts'
import { runOf } from './runs.ts'

const QUESTION: Question = {
  scenario: {
    name: 'test',
    seed: 3,
    duration: 1000,
    arrivals: { type: 'poisson', rate: 90 },
    work: { type: 'exponential', mean: 10 },
    servers: [{}],
    strategy: 'random',
  },
  contenders: ['a', 'b'].map((label) => ({ label, spec: 'random' })),
  warnings: [],
  reps: 5,
  warmup: 'auto',
  precision: undefined,
  maxReps: 100,
}

const never = (): boolean => false

/** Runs that differ by the seed. `most`: how many it does before somebody stops it. */
class Runner {
  readonly errands: Errand[] = []
  readonly most: number

  constructor(most = Infinity) {
    this.most = most
  }

  async run(errand: Errand): Promise<ReturnType<typeof runOf>> {
    if (this.errands.push(errand) > this.most) throw new Error('stopped')
    const latency = 100 + (errand.seed % 7) + errand.contender
    return runOf([latency, latency + 1], { seed: errand.seed })
  }
}

describe('a study', () => {
  test('gives every strategy the same seeds, the first replications of all first', async () => {
    const runner = new Runner()
    const { seeds, standings } = await study({ ...QUESTION, warmup: 10 }, runner, never)
    const order = seeds.flatMap((seed) =>
      [0, 1].map((contender) => ({ contender, seed, warmup: 10 })),
    )
    expect(runner.errands).toEqual(order)
    expect(seeds[0]).toBe(3)
    expect(standings.map(({ runs }) => runs.map(({ seed }) => seed))).toEqual([seeds, seeds])
  })

  test('finds the warm-up in a pilot run of each, of a seed of its own', async () => {
    const runner = new Runner()
    const { scenario, seeds } = await study(QUESTION, runner, never)
    const [first, second, ...others] = runner.errands
    expect([first.warmup, second.warmup, first.seed]).toEqual([0, 0, second.seed])
    expect(seeds).not.toContain(first.seed)
    expect(others.map(({ warmup }) => warmup)).toEqual(Array(10).fill(scenario.warmup))
  })

  test('goes on until it is precise', async () => {
    const question = { ...QUESTION, warmup: 0, precision: 0.01 }
    const { precision, seeds } = await study(question, new Runner(), never)
    expect(precision).toBeLessThanOrEqual(0.01)
    expect(seeds.length).toBeGreaterThan(5)
    expect(seeds.length).toBeLessThan(100)
  })

  test('gives up at the most that it may do', async () => {
    const question = { ...QUESTION, warmup: 0, precision: 0.0001, maxReps: 12 }
    const { precision, seeds } = await study(question, new Runner(), never)
    expect(seeds).toHaveLength(12)
    expect(precision).toBeGreaterThan(0.0001)
  })

  test('keeps the pairs that are done when somebody stops it', async () => {
    const runner = new Runner(7)
    const found = await study({ ...QUESTION, warmup: 0 }, runner, () => true)
    expect(found.interrupted).toBe(true)
    expect(found.seeds).toHaveLength(3)
    expect(found.standings.map(({ runs }) => runs.length)).toEqual([3, 3])
  })

  test('fails with what a strategy threw', async () => {
    await expect(study(QUESTION, new Runner(7), never)).rejects.toThrow('stopped')
  })
})
