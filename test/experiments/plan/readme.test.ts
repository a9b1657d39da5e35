/** Documentation that runs: what experiments/plan/README.md shows is what comes out. `UPDATE=1` writes it anew. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'
import { writtenLog } from '../../support/written-log.ts'

const PAGE = fileURLToPath(new URL('../../../experiments/plan/README.md', import.meta.url))
const EXAMPLE = /(```console\n\$ npx evenkeel plan access\.log (.*)\n)([^]*?)(```\n)/

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-plan-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the example of the page is what the command prints', async () => {
  const log = join(folder, 'access.log')
  const world = {
    name: 'example',
    seed: 3,
    duration: 60_000,
    arrivals: { type: 'poisson', rate: 200 },
    work: { type: 'lognormal', mean: 20, cv: 1 },
    servers: [{ workers: 4 }, { workers: 4 }, { workers: 4, speed: 0.5 }],
    strategy: 'round_robin',
    policy: { retries: { attempts: 1 } },
  } as const
  writeFileSync(log, writtenLog(world))
  const page = readFileSync(PAGE, 'utf8')
  const [, , words, shown] = EXAMPLE.exec(page)!
  const args = words.split(' ').map((word) => word.replaceAll("'", ''))
  using program = new Program('cli.ts', ['plan', log, ...args])
  expect(await program.exit()).toBe(0)
  if (process.env['UPDATE'] === '1') {
    writeFileSync(
      PAGE,
      page.replace(
        EXAMPLE,
        (_, head: string, _words, _shown, end: string) => `${head}${program.stdout}${end}`,
      ),
    )
  } else expect(program.stdout).toBe(shown)
})
