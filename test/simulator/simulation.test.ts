import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Recorder } from '../../proxy/core/recorder.ts'
import { simulate } from '../../simulator/result.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { anyScenario } from './any-scenario.ts'
import { begin, clientsOf, plain, Story, told } from './story.ts'

/** A whole run by the scenario's own strategy, as a story; `slices` are how far it goes at a time. */
function storyOf(scenario: Scenario, slices: readonly number[] = []): string[] {
  const story = new Story()
  const simulation = new Simulation(scenario, story)
  story.clock = simulation.clock
  let until = 0
  for (const slice of slices) simulation.run((until += slice))
  simulation.run()
  story.lines.push(`the end: ${simulation.clients.generated}, ${simulation.clock.now}`)
  return story.lines
}

describe('a run', () => {
  test('is the same each time: every event, every time, every figure', () => {
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        expect(storyOf(scenario)).toEqual(storyOf(scenario))
        expect(simulate(scenario)).toEqual(simulate(scenario))
      }),
      { numRuns: 100, seed: 2 },
    )
  })

  test('is the same in slices of any length', () => {
    fc.assert(
      fc.property(
        anyScenario,
        fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 30 }),
        (scenario, slices) => {
          expect(storyOf(scenario, slices)).toEqual(storyOf(scenario))
        },
      ),
      { numRuns: 200, seed: 3 },
    )
  })

  test('is the same whoever looks on', () => {
    const blind: Recorder = { attempt() {}, request() {}, tick() {} }
    const endOf = (scenario: Scenario, recorder: Recorder): unknown => {
      const simulation = new Simulation(scenario, recorder)
      if (recorder instanceof Story) recorder.clock = simulation.clock
      simulation.run()
      const { clients, clock, queue, stations } = simulation
      const servers = stations.map(({ model, occupancy }) => {
        const { abandoned, arrived, served } = model
        const { busy, most, present } = occupancy
        return { abandoned, arrived, served, busy, most, present }
      })
      return { now: clock.now, endings: clients.endings, events: queue.reserve(), servers }
    }
    fc.assert(
      fc.property(anyScenario, (scenario) => {
        const end = endOf(scenario, blind)
        expect(endOf(scenario, new Story())).toEqual(end)
        expect(endOf(scenario, new RunRecorder())).toEqual(end)
      }),
      { numRuns: 100, seed: 4 },
    )
  })

  test('differs with the seed', () => {
    const arrivals = { type: 'poisson', rate: 100 } as const
    const scenario = plain([], { arrivals, duration: 1000 })
    expect(storyOf(scenario)).not.toEqual(storyOf({ ...scenario, seed: 2 }))
  })
})

describe('time', () => {
  test('begins at 0, stops where it is told to, and says whether anything is left', () => {
    const { lines, simulation } = begin(plain([0, 5]))
    expect(simulation.clock.now).toBe(0)
    expect(simulation.run(9.999)).toBe(true)
    expect(lines).toEqual([])
    expect(simulation.run(10)).toBe(true)
    expect(lines).toEqual(['10: s1 ok in 10', '10: client ok in 10, attempts 1'])
    expect(simulation.run()).toBe(false)
    expect(lines.at(-1)).toBe('20: client ok in 15, attempts 1')
    expect(simulation.run()).toBe(false)
  })

  test('nobody comes from the duration on; who is there is followed to his end', () => {
    expect(clientsOf(told(plain([0, 5, 8, 9], { duration: 8 })))).toEqual([
      '10: client ok in 10, attempts 1',
      '20: client ok in 15, attempts 1',
    ])
  })

  test('who comes during the warm-up is served, and not counted', () => {
    expect(told(plain([0, 5, 8], { warmup: 5 }))).toEqual([
      '20: s1 ok in 15',
      '20: client ok in 15, attempts 1',
      '30: s1 ok in 22',
      '30: client ok in 22, attempts 1',
    ])
  })

  test('a run without a request ends', () => {
    expect(told(plain([]))).toEqual([])
    expect(told(plain([], { duration: 1000 }))).toEqual([])
  })

  test('a run in which nothing can happen any more ends, and says who is still there', () => {
    const events = [{ at: 1, server: 's1', outage: 'hang' }] as const
    const { simulation } = begin(plain([0], { events }))
    expect(simulation.run()).toBe(false)
    expect(simulation.clients.underWay).toBe(1)
  })

  test('two at the same time are handled in the order in which they were planned', () => {
    // The second comes at 10, when the first is done: its arrival was planned at 0, before that end was.
    const servers = [{ queue: 0 }]
    expect(clientsOf(told(plain([0, 10], { servers })))).toEqual([
      '10: client error in 0, attempts 1',
      '10: client ok in 10, attempts 1',
    ])
  })
})

describe('servers', () => {
  test('are named by place, or as they are called, and numbered where they are many', () => {
    const servers = [{}, { id: 'big' }, { id: 'small', count: 2 }, { count: 2 }]
    const { simulation } = begin(plain([], { servers }))
    const ids = simulation.stations.map(({ id }) => id)
    expect(ids).toEqual(['s1', 'big', 'small3', 'small4', 's5', 's6'])
  })

  test('are chosen by the strategy, here in turn', () => {
    expect(told(plain([0, 1, 2], { servers: [{ count: 2 }] }))).toEqual([
      '10: s1 ok in 10',
      '10: client ok in 10, attempts 1',
      '11: s2 ok in 10',
      '11: client ok in 10, attempts 1',
      '20: s1 ok in 18',
      '20: client ok in 18, attempts 1',
    ])
  })
})

describe('a scenario that makes no sense names the path', () => {
  test.each<[Partial<Scenario>, RegExp]>([
    [{ work: { type: 'exponential', mean: -1 } }, /^work\.mean must be above 0, got -1/],
    [{ arrivals: { type: 'poisson', rate: 0 } }, /^arrivals\.rate must be above 0, got 0/],
    [{ strategy: 'rouond_robin' }, /^strategy/],
    [{ servers: [{ workers: 0 }] }, /concurrency must be a whole number/],
  ])('%j', (more, message) => {
    expect(() => new Simulation(plain([], more), new RunRecorder())).toThrow(message)
  })
})

test('a run without an end waits until those who wait in line have waited long enough', () => {
  const scenario = plain([0, 1], {
    duration: Infinity,
    servers: [{ max: 1 }],
    events: [{ at: 0.5, server: 's1', outage: 'hang' }],
    policy: { queue: { length: 10, timeout: 1000 } },
  })
  expect(clientsOf(told(scenario))).toEqual(['1100: client refused in 1099, attempts 0'])
})
