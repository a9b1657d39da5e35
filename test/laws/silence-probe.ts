/** Run by silence.test.ts, one process a strategy: prints what a strategy of the registry, or a broken one, allocates. The patience may be given behind its name. */
import { findStrategy } from '../../proxy/strategies/index.ts'
import { MUTANTS } from './mutants/index.ts'
import { allocations } from './silence.ts'

const [name, patience] = process.argv.slice(2)
const factory = findStrategy(name) ?? MUTANTS.find((mutant) => mutant.name === name)!.factory
console.log(
  JSON.stringify(allocations(factory, patience === undefined ? undefined : Number(patience))),
)
