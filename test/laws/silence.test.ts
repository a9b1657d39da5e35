import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { MUTANTS } from './mutants/index.ts'
import { countable } from './allocation.ts'
import { type Allocations, judgeAllocations, silence } from './silence.ts'

const probe = fileURLToPath(new URL('silence-probe.ts', import.meta.url))

/** In milliseconds: the probe may use 15 seconds of a processor, which on a busy machine take a while. */
const LIMIT = 120_000

async function measure(...args: string[]): Promise<Allocations> {
  const run = await promisify(execFile)(process.execPath, ['--expose-gc', probe, ...args])
  return JSON.parse(run.stdout) as Allocations
}

for (const { name } of STRATEGIES) {
  test.runIf(countable)(
    `${name} ${silence.title}`,
    async () => judgeAllocations(await measure(name)),
    LIMIT,
  )
}

const loud = MUTANTS.filter((mutant) => mutant.caughtBy === silence.id)

test.runIf(countable).each(loud)(
  'one that does not is heard: $name',
  async ({ name }) => {
    // It allocates whatever is compiled: no need to wait for that as long as for those who do not.
    const allocations = await measure(name, '500')
    expect(() => judgeAllocations(allocations)).toThrow(/a pick allocates \d+\.\d bytes/)
  },
  LIMIT,
)
