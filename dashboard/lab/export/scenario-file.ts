import { stringify } from 'yaml'
import { contendersOf, type Setup } from '../setup/setup.ts'
import { fileName } from './file-name.ts'

/** The setup as a file that the command line runs, with the same numbers. */
export function scenarioFile(setup: Setup): string {
  const { reps, scenario } = setup
  const strategies = contendersOf(setup).map(({ label }) => label)
  const text = stringify({ ...scenario, strategies })
  return `# npx evenkeel sim ${fileName(scenario.name, 'yaml')} --reps ${reps}\n${text}`
}
