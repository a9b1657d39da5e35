import { describe, expect, test } from 'vitest'
import { crossed, type Experiment, labelOf } from '../../../experiments/frame/experiment.ts'
import { inStep } from '../../../experiments/frame/page.ts'
import { run } from '../../../experiments/frame/run.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const scenario: Scenario = {
  name: 'small',
  seed: 7,
  duration: 1000,
  arrivals: { type: 'poisson', rate: 100 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 2 }],
  strategy: 'random',
}

const experiment: Experiment = {
  question: 'Is it so?',
  answer: () => 'Yes.',
  scenario,
  replications: 5,
  cases: crossed(
    [{ strategy: 'random' }, { strategy: 'round_robin' }],
    [{}, { variant: 'twice', change: { arrivals: { type: 'poisson', rate: 200 } } }],
  ),
  measure: ({ looks, result }) => ({ generated: result.generated, seen: looks.at(-1)!.generated }),
  watch: {
    every: 250,
    keep: ['generated'],
    begin:
      ({ simulation }) =>
      () => ({ generated: simulation.clients.generated, unkept: 1 }),
  },
  chart: () => ({ kind: 'bars', title: '', x: { label: '' }, groups: [] }),
  findings: () => [],
}

describe('running an experiment', () => {
  const results = run(experiment)

  test('gives each case every replication, and all strategies the same requests', () => {
    const random = results.values('generated', 'random')
    expect(random).toHaveLength(5)
    expect(new Set(random).size).toBeGreaterThan(1)
    expect(results.values('generated', 'round_robin')).toEqual(random)
    expect(results.mean('generated', 'random', 'twice')).toBeGreaterThan(150)
    expect(results.difference('generated', ['random'], ['round_robin']).half).toBe(0)
  })

  test('looks at every interval up to the end, and keeps the curves asked for', () => {
    expect(results.times).toEqual([250, 500, 750, 1000])
    const { curves } = results.of('random')
    expect(Object.keys(curves)).toEqual(['generated'])
    expect(curves.generated.at(-1)).toEqual(results.values('seen', 'random'))
    expect(results.over('generated', 'random').map(({ x }) => x)).toEqual([0.25, 0.5, 0.75, 1])
  })

  test('repeats itself', () => {
    expect(run(experiment)).toEqual(results)
  })

  test('knows no case and no figure that there is not', () => {
    expect(() => results.of('first')).toThrow('there is no case "first"')
    expect(() => results.values('x', 'random')).toThrow('has no figure "x"')
  })
})

describe('a case', () => {
  test('is called by its strategy and its options', () => {
    expect(labelOf({ strategy: 'random' })).toBe('random')
    expect(labelOf({ strategy: { name: 'power_of_two', choices: 3, replacement: true } })).toBe(
      'power_of_two, choices 3, replacement',
    )
    expect(labelOf({ strategy: 'random', label: 'chance' })).toBe('chance')
  })
})

describe('a page', () => {
  test('gets its parts between their marks, and keeps all else', () => {
    const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n'
    expect(inStep(page, { x: 'new' })).toBe('a\n<!-- x -->\nnew\n<!-- /x -->\nb\n')
    expect(() => inStep(page, { y: '' })).toThrow('the page has no <!-- y -->')
  })
})
