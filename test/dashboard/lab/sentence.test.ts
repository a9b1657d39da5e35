import { describe, expect, test } from 'vitest'
import { PRESETS } from '../../../dashboard/lab/presets/presets.ts'
import type { ChoicePart, NumberPart } from '../../../dashboard/lab/sentence/part.ts'
import { sentencesOf, textOf } from '../../../dashboard/lab/sentence/sentence.ts'
import { singlesOf, withCount, withServers } from '../../../dashboard/lab/sentence/servers.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import { simulate } from '../../../simulator/result.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const presets = PRESETS.flatMap(({ presets }) => [...presets])

const PLAIN: Scenario = {
  name: 'plain',
  seed: 1,
  duration: 10_000,
  arrivals: { type: 'poisson', rate: 800 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10 }],
  strategy: 'round_robin',
}

function controls(scenario: Scenario): (NumberPart | ChoicePart)[] {
  return sentencesOf(scenario).flatMap(({ parts }) =>
    parts.filter((part) => typeof part !== 'string'),
  )
}

function control(scenario: Scenario, label: RegExp): NumberPart {
  return controls(scenario).find((part) => label.test(part.label)) as NumberPart
}

describe('the sentence about a scenario', () => {
  test('says what there is', () => {
    expect(textOf(sentencesOf(PLAIN))).toBe(
      '10 servers with 1 worker each, all equally fast, and requests wait in line, any number of them. ' +
        '800 requests a second, at random: 80 % of what they can do. ' +
        'Each takes 10 ms of work, exponential. ' +
        '1 proxy sees who is busy at once, waits as long as it takes for an answer, and tries again never. ' +
        'Who fails however often stays in; health is checked never. ' +
        'For 10 s, dice by seed 1.',
    )
  })

  test('puts a slow server in one number', () => {
    const slow = control(PLAIN, /slower/).set(5)
    expect(slow.servers).toEqual([{ count: 9 }, { speed: 0.2 }])
    expect(textOf(sentencesOf(slow))).toContain('one of them 5 × slower')
    expect(control(slow, /slower/).set(1).servers).toEqual([{ count: 10 }])
  })

  describe.each(presets.map((preset) => [preset.title, preset.scenario] as const))(
    'of %s',
    (_, scenario) => {
      test('gives a scenario that can be run, whatever is set to whatever', () => {
        for (const part of controls(scenario)) {
          const values =
            part.kind === 'choice'
              ? part.options.map(([value]) => value)
              : [part.value, part.min, part.max, part.limit ?? part.max, (part.min + part.max) / 2]
          for (const value of values) {
            const given =
              part.kind === 'number' && part.whole === true ? Math.round(value as number) : value
            const next = part.set(given as never)
            const checked = checkScenario(next)
            const place = `${part.label} = ${given}`
            expect('problems' in checked ? checked.problems : [], place).toEqual([])
          }
        }
      })

      test('shows what was set', () => {
        for (const part of controls(scenario)) {
          if (part.kind !== 'number') continue
          const value = part.whole === true ? Math.max(part.min, 3) : Math.max(part.min, 12.5)
          const after = controls(part.set(value)).find(({ label }) => label === part.label)
          expect((after as NumberPart | undefined)?.value ?? value, part.label).toBeCloseTo(
            value,
            1,
          )
        }
      })
    },
  )
})

describe('servers', () => {
  test('are the same run, whether they stand by themselves or as many', () => {
    for (const { scenario } of presets.slice(0, 9)) {
      const short = { ...scenario, duration: Math.min(scenario.duration, 10_000) }
      const events = short.events?.filter(({ at }) => at < short.duration)
      const given = { ...short, events: events ?? [] }
      const apart = { ...given, servers: singlesOf(given).map(({ spec }) => spec) }
      expect(simulate(apart).requests).toEqual(simulate(given).requests)
      expect(simulate(withServers(apart, apart.servers)).requests).toEqual(simulate(given).requests)
    }
  })

  test('can be more or fewer, and the odd one stays the last', () => {
    const odd: Scenario = {
      ...PLAIN,
      servers: [
        { id: 'good', count: 3 },
        { id: 'bad', speed: 0.1 },
      ],
    }
    expect(singlesOf(withCount(odd, 6)).map(({ id }) => id)).toEqual([
      'good1',
      'good2',
      'good3',
      'good4',
      'good5',
      'bad',
    ])
    expect(singlesOf(withCount(odd, 2)).map(({ id }) => id)).toEqual(['good1', 'bad'])
    expect(withCount(PLAIN, 3).servers).toEqual([{ count: 3 }])
  })

  test('that are gone take with them what was to happen to them', () => {
    const events = [
      { at: 5, server: 's9', pause: 3 },
      { at: 5, server: 's2', pause: 3 },
    ]
    expect(withCount({ ...PLAIN, events }, 4).events).toEqual([events[1]])
  })
})
