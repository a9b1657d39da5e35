import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PRESETS } from '../../../dashboard/lab/presets/presets.ts'
import { readLink, writeLink } from '../../../dashboard/lab/setup/link.ts'
import { contendersOf, type Setup } from '../../../dashboard/lab/setup/setup.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'

const presets = PRESETS.flatMap(({ presets }) => [...presets])

describe('a link', () => {
  test.each(presets.map((preset) => [preset.title, preset] as const))(
    'says all of: %s',
    async (_, { scenario, strategies }) => {
      const setup: Setup = { scenario, strategies, reps: 10 }
      const read = (await readLink(await writeLink(setup))) as Setup
      const checked = checkScenario(scenario)
      expect(read).toEqual({ ...setup, scenario: 'scenario' in checked && checked.scenario })
      expect(contendersOf(read)).toHaveLength(strategies.length)
    },
  )

  test('brings back any setup, and is short enough to paste', async () => {
    const times = fc.double({ min: 0, max: 59_999, noNaN: true }).map((at) => Math.abs(at))
    const servers = fc.array(
      fc.record(
        {
          count: fc.integer({ min: 1, max: 5 }),
          workers: fc.integer({ min: 1, max: 8 }),
          speed: fc.double({ min: 0.01, max: 10, noNaN: true }),
          weight: fc.integer({ min: 0, max: 9 }),
        },
        { requiredKeys: [] },
      ),
      { minLength: 1, maxLength: 6 },
    )
    const setups = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      rate: fc.double({ min: 0.001, max: 9999, noNaN: true }),
      servers,
      paces: fc.array(fc.tuple(times, fc.double({ min: 0, max: 9, noNaN: true })), {
        maxLength: 20,
      }),
      name: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
      strategies: fc.subarray(['rr', 'power_of_two{choices: 3}', 'maglev', 'least_work'], {
        minLength: 1,
      }),
      reps: fc.integer({ min: 1, max: 200 }),
    })
    await fc.assert(
      fc.asyncProperty(setups, async ({ name, paces, rate, reps, seed, servers, strategies }) => {
        const checked = checkScenario({
          name,
          seed,
          duration: 60_000,
          arrivals: { type: 'poisson', rate },
          work: { type: 'exponential', mean: 10 },
          servers,
          strategy: 'round_robin',
          ...(paces.length > 0 && { events: paces.map(([at, traffic]) => ({ at, traffic })) }),
        })
        if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
        const setup = { scenario: checked.scenario, strategies, reps }
        const link = await writeLink(setup)
        expect(await readLink(link)).toEqual(setup)
        expect(link).toMatch(/^#1\.[\w-]+$/)
        expect(link.length).toBeLessThan(2000)
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['#1.!!!', /missing or changed/],
    ['#1.', /missing or changed/],
    ['#9.abc', /newer Evenkeel/],
    ['#0.abc', /never was/],
    ['#servers', /not one of this page/],
  ])('that is broken says so: %s', async (hash, words) => {
    const read = await readLink(hash)
    expect(read !== undefined && 'problems' in read && read.problems.join()).toMatch(words)
  })

  test('loses no letter unnoticed', async () => {
    const { scenario, strategies } = presets[0]
    const link = await writeLink({ scenario, strategies, reps: 10 })
    for (let cut = 4; cut < link.length; cut += 7) {
      expect(await readLink(link.slice(0, cut))).toHaveProperty('problems')
    }
  })

  test('with a scenario that cannot be run says what is wrong with it', async () => {
    const { scenario, strategies } = presets[0]
    const servers = [{ speed: -1 }]
    const wrong = { scenario: { ...scenario, servers }, strategies, reps: 10 }
    expect(await readLink(await writeLink(wrong))).toEqual({
      problems: ['servers[0].speed must be above 0, got -1'],
    })
    const unknown = { scenario, strategies: ['round_robbin'], reps: 10 }
    expect(await readLink(await writeLink(unknown))).toEqual({
      problems: ['there is no strategy "round_robbin"; did you mean round_robin?'],
    })
  })

  test('that would unpack to more than any setup is refused', async () => {
    const { scenario, strategies } = presets[0]
    const name = 'x'.repeat(5_000_000)
    const read = await readLink(
      await writeLink({ scenario: { ...scenario, name }, strategies, reps: 1 }),
    )
    expect(read).toHaveProperty('problems')
  })

  test('that is none is none', async () => {
    expect(await readLink('')).toBeUndefined()
    expect(await readLink('#')).toBeUndefined()
  })
})
