import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenariosInStep } from '../../../experiments/docs/scenarios-page.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'

const page = readFileSync(new URL('../../../simulator/README.md', import.meta.url), 'utf8')

test('the page about scenarios has the fields of the checker, and no others (npm run docs)', () => {
  expect(scenariosInStep(page)).toBe(page)
})

test('the scenario that it shows can be simulated', () => {
  const [, yaml] = /```yaml\n([^]*?)```/.exec(page) ?? []
  expect(checkScenario({ name: 'shown', seed: 1, ...parse(yaml) })).toHaveProperty('scenario')
})
