/** What docs/strategy-authors.md says of strategies of one's own, done as a reader would do it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { blocksOf } from './markdown.ts'
import { Program } from './support/program.ts'
import { RecordingBackend } from './support/recording-backend.ts'

const page = readFileSync(new URL('../docs/strategy-authors.md', import.meta.url), 'utf8')
const [example, report] = blocksOf(page)

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-own-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const file = save('my-strategy.ts', example.text)

test('the example obeys every law', { timeout: 60_000 }, async () => {
  using program = new Program('cli.ts', ['check', file])
  expect(await program.exit()).toBe(0)
  expect(program.stdout).toMatch(/^\d+ laws hold \(/m)
  expect(program.stdout).not.toMatch(/✗|–/)
})

test('with < turned round it gets the report that is shown', { timeout: 60_000 }, async () => {
  const turned = example.text.replace('b.inflight * a.weight < a', 'b.inflight * a.weight > a')
  const busier = save('busier.ts', turned)
  using program = new Program('cli.ts', ['check', busier])
  expect(await program.exit()).toBe(99)
  const shown = report.text.replaceAll('./my-strategy.ts', busier).trim().split('\n')
  expect(shown.length).toBeGreaterThan(5)
  const told = program.stdout.split('\n')
  expect(told).toEqual(expect.arrayContaining(shown))
})

test('a proxy serves with the example', async () => {
  const backend = await RecordingBackend.start()
  onTestFinished(() => backend.stop())
  const env = {
    ALGORITHM: file,
    BACKEND_SERVERS: `${backend.url},${backend.url}`,
    PORT: '0',
    HOST: '127.0.0.1',
  }
  using program = new Program('proxy/main.ts', ['--no-health', '--access-log', 'off'], env)
  const url = await program.listening()
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(url)))
  expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200))
  const stats = (await (await fetch(`${url}/lb/stats`)).json()) as { strategy: string }
  expect(stats.strategy).toBe('better_of_two')
})
