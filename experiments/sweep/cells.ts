import type { Interrupt } from '../live/interrupt.ts'
import type { SimFlags } from '../sim/options.ts'
import { doubtsOf, questionOf, warmupOf } from '../sim/question.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { DEFAULT_REPS, type SweepFlags } from './options.ts'
import type { Cell } from './plan.ts'
import { type Axis, varied, type Variation, variationsOf } from './vary.ts'
import type { Question } from '../../simulator/study/study.ts'

/** Nobody means so many; a step that is a typing error makes them. */
const MOST = 10_000_000

/** What the arguments ask: each scenario in each variation. Throws `WrongInput`, a line for each thing that is wrong. */
export async function cellsOf(
  paths: readonly string[],
  flags: SweepFlags,
  interrupt: Interrupt,
): Promise<Cell[]> {
  if (paths.length === 0)
    throw new WrongInput(
      'which scenarios? Folders or files; evenkeel sim --list shows what comes along',
    )
  const cells: Cell[] = []
  const problems: string[] = []
  for (const path of new Set(paths)) {
    try {
      cells.push(...(await cellsOfOne(path, flags, interrupt)))
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      problems.push(
        ...error.message.split('\n').map((line) => (paths.length > 1 ? `${path}: ${line}` : line)),
      )
    }
  }
  if (problems.length > 0) throw new WrongInput([...new Set(problems)].join('\n'))
  const runs = cells.reduce((sum, { question: q }) => sum + q.contenders.length * q.reps, 0)
  if (runs > MOST) throw new WrongInput(`these are ${runs} runs, and ${MOST} are the most`)
  return cells
}

async function cellsOfOne(path: string, flags: SweepFlags, interrupt: Interrupt): Promise<Cell[]> {
  const { duration, seeds, strategy, vary = [], warmup } = flags
  if (duration !== undefined && vary.some(({ name }) => name === 'duration'))
    throw new WrongInput('--duration is given, and varied as well')
  const [seed] = seeds ?? []
  const asked = {
    ...(strategy !== undefined && { strategy }),
    ...(duration !== undefined && { duration }),
    ...(seed !== undefined && { seed }),
    // Whether it leaves anything is asked of each variation.
    ...(vary.length === 0 && warmup !== undefined && { warmup }),
  }
  const reps = seeds?.length ?? flags.reps ?? DEFAULT_REPS
  const simFlags: SimFlags = { ...asked, reps, maxReps: reps, format: 'human', maxBad: 0 }
  const base = await questionOf(path, simFlags, interrupt)
  const question = { ...base!, ...(seeds !== undefined && { seeds }) }
  return variationsOf(vary).map((variation) => ({
    vary: variation,
    question: vary.length === 0 ? question : variedQuestion(question, vary, variation, warmup),
  }))
}

function variedQuestion(
  question: Question,
  axes: readonly Axis[],
  variation: Variation,
  warmup: SweepFlags['warmup'],
): Question {
  const { scenario, warnings } = varied(question.scenario, axes, variation)
  return {
    ...question,
    scenario,
    warnings: [...warnings, ...doubtsOf(question.contenders, scenario)],
    warmup: warmupOf(warmup, scenario),
  }
}
