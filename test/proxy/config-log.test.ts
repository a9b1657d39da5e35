import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import { logProblems } from '../../proxy/config-log.ts'
import { ONE } from '../support/configuration.ts'
import { Program } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['accessLog: ./x.log', {}, '/etc/lb/x.log'],
  ['accessLog: ../x.log', {}, '/etc/x.log'],
  ['accessLog: /var/log/x.log', {}, '/var/log/x.log'],
  ['accessLog: ./x.log', { accessLog: './y.log' }, './y.log'],
])('%s with the flags %j: %s', (line, flags, file) => {
  const given = { flags: { config: '/etc/lb/lb.yaml', ...flags }, readFile: () => `${ONE}${line}` }
  expect(loadSettings(given).settings.accessLog).toEqual({ file })
})

test('a folder, and a file in none, cannot be written', () => {
  expect(logProblems({ file: folder })).toEqual([
    `accessLog must be a file, got a folder: ${folder}`,
  ])
  const nowhere = join(folder, 'none', 'x.log')
  expect(logProblems({ file: nowhere })).toEqual([
    `accessLog must be in a folder that is there, got ${nowhere}`,
  ])
  for (const good of ['stdout', false, { file: join(folder, 'x.log') }] as const) {
    expect(logProblems(good)).toEqual([])
  }
})

test('--check says so', async () => {
  const file = join(folder, 'lb.yaml')
  writeFileSync(file, `${ONE}accessLog: ./none/x.log\n`)
  using program = new Program('proxy/main.ts', ['--check', '--config', file])
  expect(await program.exit()).toBe(2)
  expect(program.stderr).toContain('accessLog must be in a folder that is there')
})
