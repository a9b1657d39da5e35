import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lateLoad } from '../../simulator/late-load.ts'
import { Pace } from '../../simulator/pace.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import { resultOf, simulate } from '../../simulator/result.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { clientsOf, plain, told } from './story.ts'

describe('the pace of traffic', () => {
  test('leaves times as they are until somebody changes it', () => {
    const pace = new Pace()
    expect([0.1, 1 / 3, 1e9].map((time) => pace.outerOf(time))).toEqual([0.1, 1 / 3, 1e9])
  })

  test('stretches what is still to come, the request that is next included', () => {
    const scenario = plain([10, 20, 30, 40], {
      work: { type: 'constant', value: 1 },
      duration: 1000,
      events: [
        { at: 15, traffic: 0.5 },
        { at: 45, traffic: 2 },
      ],
    })
    const arrived = clientsOf(told(scenario)).map((line) => Number(line.split(':')[0]) - 1)
    // From 15 on half as fast: 20 comes at 25, 30 at 45; from there twice as fast: 40 comes at 50.
    expect(arrived).toEqual([10, 25, 45, 50])
  })

  test('stands still at 0, and goes on', () => {
    const events: EventSpec[] = [
      { at: 15, traffic: 0 },
      { at: 100, traffic: 1 },
    ]
    const scenario = plain([10, 20], {
      work: { type: 'constant', value: 1 },
      duration: 1000,
      events,
    })
    const arrived = clientsOf(told(scenario)).map((line) => Number(line.split(':')[0]) - 1)
    expect(arrived).toEqual([10, 105])
  })

  test('is part of the load that is offered after the last event', () => {
    const scenario = plain([], {
      arrivals: { type: 'poisson', rate: 50 },
      duration: 1000,
      events: [{ at: 500, traffic: 3 }],
    })
    expect(lateLoad(scenario)).toEqual({ since: 500, load: 1.5, settles: false })
  })
})

describe('a scenario that is amended on the way', () => {
  const base: Scenario = {
    name: 'amended',
    seed: 5,
    duration: 20_000,
    arrivals: { type: 'poisson', rate: 200 },
    work: { type: 'exponential', mean: 10 },
    servers: [{ count: 3 }],
    strategy: 'power_of_two',
  }
  const change = fc.record({
    at: fc.double({ min: 1, max: 19_000, noNaN: true }),
    change: fc.constantFrom<Partial<EventSpec>>(
      { server: 's2', set: { speed: 0.3 } },
      { server: 's1', operator: { weight: 3 } },
      { server: 's3', set: { failure: { rate: 0.5 } } },
      { traffic: 1.7 },
      { traffic: 0.2 },
      { strategy: 'least_connections' },
    ),
  })

  test('gives what the same scenario gives that said so from the start', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const events = changes
          .map(({ at, change }) => ({ at, ...change }) as EventSpec)
          .sort((a, b) => a.at - b.at)
        const recorder = new RunRecorder()
        const simulation = new Simulation(base, recorder)
        for (const event of events) {
          simulation.run(event.at - 0.5)
          simulation.timeline.amend(event)
        }
        simulation.run()
        expect(resultOf(simulation, recorder)).toEqual(simulate({ ...base, events }))
      }),
      { numRuns: 20 },
    )
  })

  test('takes nothing that should have happened already', () => {
    const simulation = new Simulation(base, new RunRecorder())
    simulation.run(1000)
    expect(() => simulation.timeline.amend({ at: 10, traffic: 2 })).toThrow(
      /at must not be before now \(\d+(\.\d+)?\), got 10/,
    )
  })
})
