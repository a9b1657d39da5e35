import { expect, test } from 'vitest'
import { LESSONS } from '../../../dashboard/learn/lessons/index.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'

test.each(LESSONS)('the lesson $slug has scenarios that are whole', ({ cases, lab, show }) => {
  const shown = show.lanes.map(({ scenario, strategy }) => ({ ...scenario, strategy }))
  const all = [...cases.map(({ scenario, strategy }) => ({ ...scenario, strategy })), ...shown]
  for (const scenario of [...all, lab.scenario]) {
    expect(checkScenario(JSON.parse(JSON.stringify(scenario)))).toHaveProperty('scenario')
  }
  for (const { scenario } of show.lanes) expect(show.until).toBeLessThanOrEqual(scenario.duration)
})

test('there are eight, each with an address of its own', () => {
  expect(new Set(LESSONS.map(({ slug }) => slug)).size).toBe(8)
})
