import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const FULL = '/dev/full'
const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-print-'))
const trace = join(folder, 'trace.csv')
writeFileSync(trace, 't,bytes\n1,2\n2,3\n')
afterAll(() => rmSync(folder, { recursive: true }))

test.skipIf(!existsSync(FULL)).concurrent.each([
  ['sim', '--list'],
  ['trace', 'inspect', trace],
  ['trace', 'convert', trace],
])('what a full disk does not take is a fault, in words: %s %s', async (...args) => {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', openSync(FULL, 'w'), 'pipe'],
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'exit')])
  expect(stderr).toMatch(/^evenkeel (sim|trace \w+): ENOSPC.*\n$/)
  expect(code).toBe(1)
})
