import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Two strategies that are soon told apart, in a run of some ten milliseconds. */
const CALM = {
  name: 'Calm',
  seed: 5,
  duration: 2000,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 4 }],
  strategies: ['random', 'least_connections'],
}

/** Its file in a folder. */
export function calmIn(folder: string): string {
  const file = join(folder, 'calm.json')
  writeFileSync(file, `${JSON.stringify(CALM)}\n`)
  return file
}
