import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readBehaviour } from '../../../experiments/load/behaviour-file.ts'
import { load, serve } from './loading.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the behaviour in the README can be used as it stands', async () => {
  const page = readFileSync(new URL('../../../experiments/load/README.md', import.meta.url), 'utf8')
  const [, code] = /```ts\n([^]*?)```/.exec(page)!
  const file = join(folder, 'shoppers.ts')
  writeFileSync(file, code)
  expect((await readBehaviour(file)).users.map(({ name }) => name)).toEqual(['reader', 'buyer'])
  const { requests, url } = await serve((_request, response) => {
    response.setHeader('Set-Cookie', 's=1').end('{}')
  })
  const rate = ['--arrivals', 'paced', '--rate', '400', '--duration', '500ms']
  const { code: exit, stdout } = await load(url, ...rate, '--behaviour', file)
  expect(exit).toBe(0)
  expect(stdout).toMatch(/✓ is JSON +\d+ +0/)
  expect(requests.some((each) => /^GET \/products\/\d+$/.test(each))).toBe(true)
})
