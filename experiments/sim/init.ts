import { existsSync, writeFileSync } from 'node:fs'
import { WrongInput } from './wrong-input.ts'

const NAME = 'scenario.yaml'

/** What `--init` writes. */
const TEXT = `# A scenario for evenkeel sim. Times are milliseconds, rates a second, shares from 0 to 1.
name: my scenario
seed: 1
# Requests arrive for a minute of virtual time.
duration: 60000
# Open: nobody waits for answers. Also: paced, bursts, steps, ramp, diurnal, closed, trace.
arrivals: { type: poisson, rate: 120 }
# How long a request keeps a worker busy. Also: constant, lognormal, bounded_pareto, …
work: { type: exponential, mean: 10 }
servers:
  - { id: fast, count: 2, workers: 1, speed: 1 }
  - { id: slow, speed: 0.5 }
strategy: round_robin
# Those to compare, unless --strategy says otherwise; the first is what the others are compared with.
strategies: [round_robin, power_of_two, least_connections]
# What the proxy does around them: timeouts, retries, health checks, …
policy:
  timeout: 5000
  retries: { attempts: 2, budget: 0.2 }
`

/** Writes a scenario to begin with, and says what to do with it. Never over a file that is there. */
export function init(file: string | true): string {
  const name = file === true ? NAME : file
  if (existsSync(name)) throw new WrongInput(`${name} is there already: give another name`)
  writeFileSync(name, TEXT, { flag: 'wx' })
  return `Written to ${name}. Now: npx evenkeel sim ${name}\n`
}
