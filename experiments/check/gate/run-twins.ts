import { wordsOf } from '../../../simulator/study/words.ts'
import type { Interrupt } from '../../live/interrupt.ts'
import type { Calibration } from '../../twin/calibration.ts'
import { twinProgress } from '../../twin/progress.ts'
import { CALIBRATE } from '../../twin/scenarios.ts'
import { judgeTwins } from '../../twin/thresholds.ts'
import { twins, type TwinsOfScenario } from '../../twin/twins.ts'
import { quoted } from '../verdicts.ts'
import type { TwinEntry } from './gate.ts'
import type { Part } from './item.ts'

/** Shortest calibration that says something of the tail, in milliseconds. */
const LEAST_CALIBRATE = 1500

/** Runs scenarios in both worlds, one after the other, all of them by one calibration. Gives those that were done before somebody interrupted. */
export async function runTwins(
  file: string,
  entries: readonly TwinEntry[],
  interrupt: Interrupt,
): Promise<Part[]> {
  const parts: Part[] = []
  // What is shorter than that by itself needs no better one.
  const longest = Math.max(...entries.map(({ runs, scenario }) => runs * scenario.duration))
  let calibrate: number | Calibration = Math.max(LEAST_CALIBRATE, Math.min(CALIBRATE, longest))
  for (const entry of entries) {
    if (interrupt.happened) break
    const { contenders, name, runs, scenario } = entry
    const question = { scenarios: [scenario], contenders, reps: runs, calibrate }
    const onRun = twinProgress(process.stderr, `${name}: `)
    const found = await twins(question, { interrupted: interrupt.first, onRun })
    if (found.interrupted) break
    calibrate = found.calibration!
    parts.push(partOf(file, entry, found.scenarios[0]))
  }
  return parts
}

/** What was measured as a part of the report, as if it were any other scenario. */
export function partOf(
  file: string,
  { name, runs, scenario, thresholds }: TwinEntry,
  found: Pick<TwinsOfScenario, 'findings' | 'rankings'>,
): Part {
  const { seed } = scenario
  const repeat = `npx evenkeel check ${quoted(file)} --only ${quoted(name)} --seed ${seed}`
  return {
    name,
    words: wordsOf(scenario),
    notes: [],
    seed,
    reps: runs,
    real: true,
    warmup: scenario.warmup ?? 0,
    standings: judgeTwins(thresholds, found).map(({ items, strategy }) => ({
      strategy,
      items: items.map((item) => ({ ...item, repeat })),
    })),
  }
}
