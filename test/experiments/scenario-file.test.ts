import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { EXAMPLE } from '../../experiments/scenario-example.ts'
import { readScenario, readScenarioFile } from '../../experiments/scenario-file.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import { Simulation } from '../../simulator/simulation.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const YAML = `duration: 1s
arrivals: { type: poisson, rate: 10 }
work: { type: constant, value: 5ms }
servers:
  - { speed: 1 }
`

test('what --init writes checks, without warnings, and runs', async () => {
  const { scenario, strategies, warnings } = await readScenarioFile(file('example.yaml', EXAMPLE))
  expect(warnings).toEqual([])
  expect(strategies).toEqual(['least_connections', 'round_robin', 'power_of_two'])
  const simulation = new Simulation(scenario, new RunRecorder())
  simulation.run(1000)
  expect(simulation.clients.generated).toBeGreaterThan(100)
})

test('each line that --init writes behind a # checks as well', async () => {
  const open = EXAMPLE.replaceAll(
    /^( *)# ?((?:arrivals|keys|proxies|network|events):|  - \{)/gm,
    '$1$2',
  ).replace(/^arrivals: \{ type: poisson.*\n/m, '')
  const { scenario } = await readScenarioFile(file('open.yaml', open))
  expect(scenario.events).toHaveLength(3)
  expect(scenario.arrivals.type).toBe('closed')
})

test('YAML and JSON are read, and a folder with one of them; the folder gives the name', async () => {
  mkdirSync(join(folder, 'question'))
  file('question/scenario.yaml', YAML)
  const scenario = await readScenario(join(folder, 'question'))
  expect(scenario).toMatchObject({
    name: 'question',
    seed: 1,
    duration: 1000,
    strategy: 'round_robin',
  })
  const json = await readScenario(file('same.json', JSON.stringify(scenario)))
  expect(json).toEqual(scenario)
})

test('a small duration without a unit is doubted: it is milliseconds', async () => {
  const bare = await readScenarioFile(file('bare.yaml', YAML.replace('1s', '60')))
  expect(bare.warnings.join()).toMatch(
    /^duration is 60 ms: a number without a unit is milliseconds, and 60s would be seconds \(.*bare\.yaml:1:11\)$/,
  )
  const said = await readScenarioFile(file('said.yaml', YAML.replace('1s', '60ms')))
  expect(said.warnings).toEqual([])
})

test('a module is read by its default export', async () => {
  const text = `export default { duration: 5, arrivals: { type: 'paced', rate: 1 }, work: { type: 'constant', value: 1 }, servers: [{}] }`
  expect(await readScenario(file('module.ts', text))).toMatchObject({ name: 'module', duration: 5 })
})

test.each([
  [
    'a.yaml',
    YAML.replace('speed: 1', 'speed: -1'),
    'servers[0].speed must be above 0, got -1 (FILE:5:14)',
  ],
  ['b.yaml', `${YAML}polcy: {}\n`, 'polcy is not a key: did you mean policy? (FILE:6:1)'],
  ['c.json', '{\n"duration": 0 }', 'duration must be above 0, got 0 (FILE:2:13)'],
  ['d.yaml', 'a: [', 'not valid YAML'],
  ['e.yaml', `${YAML}strategies: 5\n`, 'strategies must be a list of strategies (FILE:6:13)'],
  ['f.txt', '', 'must be a folder, or end in .yaml, .json, .ts or .js'],
  ['g.ts', 'export const a = 1', 'has no default export'],
])('%s is told with its place', async (name, text, message) => {
  const path = file(name, text)
  await expect(readScenario(path)).rejects.toThrow(message.replace('FILE', path))
})
