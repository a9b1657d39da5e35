import { ByDeadline } from './by-deadline.ts'
import { mutant } from './mutant.ts'

/** Starts all deadlines anew on each rebuild, the heavy ones first: with enough rebuilds the light never have a turn (Envoy pull request 10064). */
export const forgetfulDeadlines = mutant(
  {
    name: 'deadlines forgotten on rebuild',
    caughtBy: 'flapping',
    claims: ['deadlines'],
    promise: 'weight',
  },
  ByDeadline,
)
