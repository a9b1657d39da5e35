import type { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { idOf, type Plan } from '../../../experiments/sweep/plan.ts'
import { Plans } from '../../../experiments/sweep/redis/plans.ts'
import { VERSION } from '../../../proxy/admin/version.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const SCENARIO: Scenario = {
  name: 'Calm',
  seed: 5,
  duration: 2000,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 4 }],
  strategy: 'random',
}

function planOf(contender: object, scenario: object = SCENARIO): Plan {
  const contenders = [contender]
  const cell = { vary: {}, scenario, contenders, seeds: [5], warmup: 0, warnings: [] }
  return { evenkeel: VERSION, cells: [cell] } as unknown as Plan
}

/** What a worker makes of the first run of a plan that is in Redis under that name. */
function made(plan: Plan | undefined, sweep = plan === undefined ? 'gone' : idOf(plan)) {
  const text = plan === undefined ? null : JSON.stringify(plan)
  const redis = { get: () => Promise.resolve(text) } as unknown as Redis
  const order = { sweep, cell: 0, contender: 0, seed: 5, warmup: 0 }
  return new Plans(redis, undefined).jobOf(order)
}

describe('a plan that came over Redis', () => {
  test('gives a job', async () => {
    const found = await made(planOf({ label: 'maglev', spec: 'maglev' }))
    expect(found).toMatchObject({
      label: 'maglev',
      job: { scenario: { duration: 2000 }, contender: { spec: 'maglev' }, seed: 5 },
    })
  })

  test('may be gone: then nobody wants it any more', async () => {
    expect(await made(undefined)).toBeUndefined()
  })

  test('is refused under the name of another', async () => {
    const plan = planOf({ label: 'random', spec: 'random' })
    await expect(made(plan, 'other')).rejects.toThrow('is not the one it is called')
  })

  test('is checked like a file of the user’s', async () => {
    const random = { label: 'random', spec: 'random' }
    const hostile = { ...SCENARIO, servers: [{ count: 1e9 }] }
    await expect(made(planOf(random, hostile))).rejects.toThrow(
      'the scenario cannot be used: servers',
    )
    await expect(made(planOf({ label: 'x', spec: 'nothing' }))).rejects.toThrow(
      'no strategy nothing',
    )
    const options = { label: 'x', spec: { name: 'power_of_two', choices: -1 } }
    await expect(made(planOf(options))).rejects.toThrow('cannot be used: strategy.choices')
  })

  test('names no code: neither a file nor an experiment by a path', async () => {
    const file = { label: './x.ts', file: '/tmp/x.ts', options: {}, sha256: 'ab' }
    await expect(made(planOf(file))).rejects.toThrow('--strategies FOLDER')
    const experiment = { label: 'x', from: '../../tmp', place: 0, sha256: 'ab' }
    await expect(made(planOf(experiment))).rejects.toThrow('is not the same here')
    const changed = { label: 'x', from: 'stale-herd', place: 0, sha256: 'ab' }
    await expect(made(planOf(changed))).rejects.toThrow('is not the same here')
  })
})
