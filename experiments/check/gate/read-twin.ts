import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Path } from '../../../proxy/core/problems.ts'
import { contendersOf } from '../../sim/contenders.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { STRATEGIES } from '../../twin/scenarios.ts'
import { whyNoTwin } from '../../twin/thresholds.ts'
import { changed, inBothWorlds, mustBeLive, NAMES, ofTwin } from '../../world/asked.ts'
import type { Tell, TwinEntry } from './gate.ts'
import { checkedAgain, readScenario } from './read-scenario.ts'
import { thresholdsOf } from './read-thresholds.ts'
import type { GivenTwin } from './shape.ts'

/** As `evenkeel twin` has it. */
const DEFAULT_RUNS = 3

/** One scenario of a gate file that is to be run in both worlds. Throws `WrongInput`. */
export async function readTwin(
  given: GivenTwin,
  home: string,
  seed: number | undefined,
  tell: Tell,
): Promise<TwinEntry> {
  const { runs = DEFAULT_RUNS, scenario: wanted, strategies = STRATEGIES } = given
  const isFile = typeof wanted === 'string' && existsSync(resolve(home, wanted))
  const ours = typeof wanted === 'string' && !isFile ? ofTwin(wanted) : undefined
  const loaded = ours ?? (await readScenario(wanted, home, tell, NAMES)).scenario
  const name = given.name ?? `twin ${typeof wanted === 'string' ? wanted : loaded.name}`
  const scenario = placed(tell, ['scenario'], () =>
    checkedAgain(changed(name, loaded, { ...given, seed }), tell),
  )
  const place = (index: number): string => tell(['strategies', index], '').replace(/^.*(?=\()/, '')
  const all = contendersOf(strategies, { home, place })
  const contenders = placed(tell, ['strategies'], () => inBothWorlds(all))
  placed(tell, ['scenario'], () => mustBeLive([scenario], contenders))
  const problems: string[] = []
  const thresholds = thresholdsOf(
    given.thresholds ?? [],
    (figure) => whyNoTwin(figure, runs, contenders.length),
    tell,
    problems,
  )
  if (given.thresholds === undefined)
    problems.push(tell([], 'must have thresholds, a list like ["twin.p99.error < 10%"]'))
  else if (given.thresholds.length === 0)
    problems.push(tell(['thresholds'], 'must hold at least one threshold'))
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  return { name, scenario, contenders, thresholds, runs }
}

/** What `act` does, or what it finds wrong with its place. */
function placed<Result>(tell: Tell, path: Path, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error
    const lines = error.message.split('\n').map((line) => tell(path, `cannot be used: ${line}`))
    throw new WrongInput(lines.join('\n'))
  }
}
