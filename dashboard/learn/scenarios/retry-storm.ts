import retryStorm from '../../../experiments/retry-storm/scenario.ts'
import type { RetrySpec } from '../../../simulator/policy.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

/** The experiment's, with the retries that a case has; none of them is told to the server, which does the work anyway. */
function retrying(retries: RetrySpec | undefined): Scenario {
  return {
    ...retryStorm,
    name: 'lesson: retry storm',
    servers: [{ id: 'server' }],
    policy: { timeout: 100, cancels: false, ...(retries && { retries }) },
  }
}

const three: RetrySpec = { attempts: 3, afterTimeout: true }

export const threeRetries = retrying(three)
export const withPauses = retrying({ ...three, backoff: { base: 100, max: 10_000 } })
export const withBudget = retrying({ ...three, budget: 0.1 })
export const noRetries = retrying(undefined)
