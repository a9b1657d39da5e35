import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-experiment-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function experiment(...args: string[]) {
  using program = new Program('cli.ts', ['experiment', ...args])
  const code = await program.exit()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

test('a folder that cannot be is told before anything is run', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stderr, stdout } = await experiment('equal', '--world', 'sim', '--out', file)
  expect(stderr).toBe(
    `evenkeel experiment: --out ${file} cannot be a folder: a file is in its place\n`,
  )
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test('a name that would steer a terminal is refused, and does not', async () => {
  const file = join(folder, 'hostile.yaml')
  writeFileSync(
    file,
    String.raw`name: "calm\e]0;owned\a"
seed: 1
duration: 1s
arrivals: { type: poisson, rate: 10 }
work: { type: constant, value: 1ms }
servers: [{ count: 2 }]
strategy: random
`,
  )
  const { code, stderr } = await experiment(file, '--world', 'sim')
  expect(stderr).toContain('name must be a text without control characters, got "calm\\u001b')
  expect(stderr).not.toContain('\u001B')
  expect(code).toBe(2)
})
