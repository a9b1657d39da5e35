import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Path, writePath } from '../../proxy/core/problems.ts'
import { checkScenario } from '../../simulator/check-scenario.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { anyScenario } from '../support/scenarios.ts'

describe('of any scenario', () => {
  /** All places in the data. */
  function placesIn(data: unknown, path: Path = []): Path[] {
    if (typeof data !== 'object' || data === null) return [path]
    return [
      ...(path.length > 0 ? [path] : []),
      ...Object.entries(data).flatMap(([key, value]) =>
        placesIn(value, [...path, Array.isArray(data) ? Number(key) : key]),
      ),
    ]
  }

  function changed(
    data: unknown,
    path: Path,
    change: (holder: Record<string, unknown>, key: string) => void,
  ): unknown {
    const copy = JSON.parse(JSON.stringify(data)) as Record<string, unknown>
    let at = copy
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
    change(at, String(path.at(-1)))
    return copy
  }

  test('what checks can be run', () => {
    fc.assert(
      fc.property(anyScenario, (data) => {
        const checked = checkScenario(data)
        if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
        new Simulation(checked.scenario, new RunRecorder()).run(60)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  const wrong = fc.constantFrom<unknown>(
    Number.NaN,
    -1,
    -Infinity,
    Infinity,
    null,
    'nonsense',
    {},
    [],
    true,
    1e9,
    0,
  )

  test('what is changed in one place still checks, or the problem is told at that place', () => {
    fc.assert(
      fc.property(
        anyScenario,
        fc.nat(),
        wrong,
        fc.constantFrom('set', 'delete', 'add'),
        (data, pick, value, how) => {
          const places = placesIn(data)
          const path = places[pick % places.length]
          const mutant = changed(data, path, (holder, key) => {
            if (how === 'set') holder[key] = value
            else if (how === 'add' && !Array.isArray(holder)) holder[`${key}X`] = value
            else if (how === 'delete') delete holder[key]
          })
          const checked = checkScenario(mutant)
          if (!('problems' in checked)) return
          // A neighbour may be named where two must fit together; what must fit the whole is told where it does not.
          const around = path.slice(0, -1).join()
          for (const { path: at } of checked.problems) {
            const near = at.join().startsWith(around) || path.join().startsWith(at.join())
            const whole = ['duration', 'warmup', 'events', 'servers', 'proxies'].includes(
              String(path[0]),
            )
            expect(near || whole, `${writePath(path)}: ${writePath(at)}`).toBe(true)
          }
        },
      ),
      { numRuns: 500, seed: 2 },
    )
  })
})
