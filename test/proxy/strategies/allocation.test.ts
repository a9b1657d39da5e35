import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { countable } from '../../../experiments/bench/allocation.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'

const probe = fileURLToPath(new URL('allocation-probe.ts', import.meta.url))

/** In milliseconds: the probe waits for the compiler of a busy machine, up to some 20 seconds in all. */
const LIMIT = 60_000

for (const { name } of STRATEGIES) {
  test.runIf(countable)(
    `${name} allocates nothing for a pick, nor the balancer for a request or a retry`,
    async () => {
      const run = await promisify(execFile)(process.execPath, ['--expose-gc', probe, name])
      const { pick, serve, retry, control } = JSON.parse(run.stdout) as Record<string, number>
      expect(control).toBeGreaterThan(8) // One small object a call is seen.
      // The smallest thing there is, a boxed number, takes 12 bytes; one failure in eight that boxes one shows too.
      expect(pick).toBeLessThan(1.5)
      expect(serve).toBeLessThan(1.5)
      expect(retry).toBeLessThan(1.5)
    },
    LIMIT,
  )
}
