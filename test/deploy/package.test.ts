/** The package as those see it who install it: made, packed, and put into an empty project. */
import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksOf } from '../markdown.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PACKAGE = join(ROOT, 'dist/package')
const project = mkdtempSync(join(tmpdir(), 'evenkeel-project-'))
afterAll(() => rmSync(project, { recursive: true }))

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}

let manifest: Manifest

beforeAll(async () => {
  await run(process.execPath, ['deploy/package/build.ts'], { cwd: ROOT })
  manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Manifest
  const { stdout } = await run('npm', ['pack', PACKAGE, '--json'], { cwd: project })
  const [{ filename }] = JSON.parse(stdout) as { filename: string }[]
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund']
  await run('npm', ['install', ...flags, join(project, filename)], { cwd: project })
}, 120_000)

/** Of the package, in the project. */
function evenkeel(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['node_modules/evenkeel/program.js', ...args], { cwd: project })
}

test('publint has nothing against it', async () => {
  const { messages } = await publint({ pkgDir: PACKAGE, level: 'warning' })
  expect(messages).toEqual([])
})

test('it says what it needs, and brings no Node and no scripts along', () => {
  expect(Object.keys(manifest).toSorted()).toEqual([
    'bin',
    'dependencies',
    'description',
    'engines',
    'exports',
    'keywords',
    'license',
    'name',
    'sideEffects',
    'type',
    'version',
  ])
  const strangers = new Set<string>()
  for (const file of globSync('**/*.js', { cwd: PACKAGE, exclude: ['dist/**'] })) {
    const text = readFileSync(join(PACKAGE, file), 'utf8')
    const found = text.matchAll(/^(?:import|export)\b[^'\n]*\bfrom '([^'.][^']*)';$/gm)
    for (const [, name] of found) {
      const parts = name.split('/')
      const bare = name.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
      if (!name.startsWith('node:') && !(bare in manifest.dependencies)) strangers.add(bare)
    }
    expect(text, file).not.toMatch(/new URL\('[^']+\.ts'/)
  }
  expect([...strangers]).toEqual([])
})

const examples = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8')).filter(({ text }) =>
  /from 'evenkeel/.test(text),
)

test.each(examples.map(({ line, text }) => [line, text] as const))(
  'the example in line %i of the README runs in a project that has it',
  async (line, text) => {
    const file = join(project, `example-${line}.js`)
    writeFileSync(file, text)
    await run(process.execPath, [file], { cwd: project })
  },
)

test('the README has three examples of it', () => {
  expect(examples).toHaveLength(3)
})

test('its types are those of what it exports', async () => {
  const file = join(project, 'typed.ts')
  writeFileSync(
    file,
    `import { Balancer, Clock, Endpoint, Rng, simulate, strategyOf, type Strategy } from 'evenkeel'
import { hold } from 'evenkeel/laws'
const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy: strategyOf('random') })
const server: Endpoint | undefined = balancer.acquire(0, 0)
const strategy: Strategy = balancer.strategy
export const p99: (scenario: Parameters<typeof simulate>[0]) => number = (scenario) =>
  simulate(scenario).requests.latency!.p99
hold({ name: 'x', factory: { promise: 'equal', create: () => strategy } })
console.log(server?.id)
`,
  )
  const wrong = join(project, 'wrong.ts')
  writeFileSync(wrong, `import { Rng } from 'evenkeel'\nnew Rng(1).nothing()\n`)
  const flags = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024']
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const check = (path: string) =>
    run(process.execPath, [compiler, ...flags, '--types', '', path], { cwd: project })
  await check(file)
  await expect(check(wrong)).rejects.toMatchObject({
    stdout: expect.stringContaining("Property 'nothing' does not exist on type 'Rng'") as string,
  })
})

test('evenkeel up is a lab', async () => {
  const ports = ['--port', '0', '--backend-port', '0']
  const { stdout } = await evenkeel('up', '--duration', '1s', '--rate', '50', ...ports)
  expect(stdout).toMatch(/^due +\d+$/m)
  expect(stdout).not.toMatch(/^missing/m)
}, 30_000)

test('what comes along is found, and checked, in JavaScript', async () => {
  const sim = await evenkeel('sim', 'black-hole', '--reps', '2', '--format', 'json')
  expect(JSON.parse(sim.stdout)).toHaveProperty('scenario')
  const laws = await evenkeel('check', 'round_robin', '--runs', '5')
  expect(laws.stdout).toMatch(/^\d+ laws hold/m)
}, 60_000)
