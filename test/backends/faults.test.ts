import { describe, expect, test } from 'vitest'
import { changeFaults, FaultsError, type Faults } from '../../backends/faults.ts'

const FAULTS: Faults = { outage: false, failureRate: 0, minLatency: 5, maxLatency: 25 }

function problems(change: unknown): readonly string[] {
  try {
    changeFaults(FAULTS, change)
  } catch (error) {
    return (error as FaultsError).problems
  }
  return []
}

describe('a change of faults', () => {
  test('leaves alone what it does not name', () => {
    expect(changeFaults(FAULTS, { failureRate: 0.5 })).toEqual({ ...FAULTS, failureRate: 0.5 })
    expect(changeFaults(FAULTS, { outage: true, minLatency: 0, maxLatency: 0 })).toEqual({
      outage: true,
      failureRate: 0,
      minLatency: 0,
      maxLatency: 0,
    })
    expect(changeFaults(FAULTS, {})).toEqual(FAULTS)
  })

  test.each([
    [{ failureRate: 1.5 }, 'failureRate must be from 0 to 1, got 1.5'],
    [{ failureRate: '1' }, 'failureRate must be from 0 to 1, got "1"'],
    [{ outage: 1 }, 'outage must be true or false, got 1'],
    [{ outage: null }, 'outage must be true or false, got null'],
    [{ minLatency: -1 }, 'minLatency must be milliseconds from 0 to 3600000, got -1'],
    [{ maxLatency: 1e99 }, 'maxLatency must be milliseconds from 0 to 3600000, got 1e+99'],
    [{ minLatency: 26 }, 'minLatency must be at most maxLatency (25), got 26'],
    [{ latency: 3 }, 'unknown: "latency"; there are outage, failureRate, minLatency, maxLatency'],
    [[], 'the body must be a JSON object'],
    [undefined, 'the body must be a JSON object'],
    [null, 'the body must be a JSON object'],
  ])('is refused for %j', (change, problem) => {
    expect(problems(change)).toEqual([problem])
  })

  test('is refused with everything that is wrong with it', () => {
    expect(problems({ outage: 'yes', failureRate: 2, x: 1 })).toHaveLength(3)
  })
})
