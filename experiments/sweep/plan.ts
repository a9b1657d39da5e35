import { createHash } from 'node:crypto'
import { VERSION } from '../../proxy/admin/version.ts'
import type { StrategySpec } from '../../proxy/strategies/index.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Contender } from '../../simulator/study/contender.ts'
import { type Question, seedsFor } from '../../simulator/study/study.ts'
import { decode, encode } from './encoding.ts'

/** One scenario in one variation, with all its strategies and seeds: what `evenkeel sim` would be asked once. */
export interface Cell {
  /** What was varied, and to what: `arrivals.rate` → 240. */
  readonly vary: Readonly<Record<string, unknown>>
  readonly question: Question
}

export interface Sweep {
  /** The same for the same scenarios, variations, strategies, seeds and version, on whatever machine. */
  readonly id: string
  readonly cells: readonly Cell[]
}

/** A strategy without the paths of one machine. */
export type Portable =
  | { readonly label: string; readonly spec: StrategySpec }
  | {
      readonly label: string
      readonly options: Readonly<Record<string, unknown>>
      readonly sha256: string
    }
  | {
      readonly label: string
      readonly from: string
      readonly place: number
      readonly sha256: string
    }

/** A cell that can travel: as JSON, in a file or over Redis. */
interface PortableCell {
  readonly vary: Cell['vary']
  readonly scenario: Scenario
  readonly contenders: readonly Portable[]
  readonly seeds: readonly number[]
  readonly warmup: 'auto' | number
  readonly partOf?: string
  readonly warnings: readonly string[]
}

export interface Plan {
  readonly evenkeel: string
  readonly cells: readonly PortableCell[]
}

/** Enough that two sweeps never meet, and few enough to be read out. */
const DIGITS = 12

export function sweepOf(cells: readonly Cell[]): Sweep {
  return { id: idOf(planOf(cells)), cells }
}

function planOf(cells: readonly Cell[]): Plan {
  return {
    evenkeel: VERSION,
    cells: cells.map(({ question, vary }) => ({
      vary,
      scenario: question.scenario,
      contenders: question.contenders.map(portable),
      seeds: seedsFor(question, question.reps),
      warmup: question.warmup,
      ...(question.partOf !== undefined && { partOf: question.partOf }),
      warnings: question.warnings,
    })),
  }
}

/** Warnings name files by the paths that somebody typed: they tell nothing of what is run. */
export function idOf({ cells, evenkeel }: Plan): string {
  const told = { evenkeel, cells: cells.map((cell) => ({ ...cell, warnings: [] })) }
  return createHash('sha256').update(encode(told)).digest('hex').slice(0, DIGITS)
}

/** The sweep of a plan that was read: enough to report, not to run files of strategies. */
export function sweepFrom(plan: Plan): Sweep {
  const cells = plan.cells.map((cell): Cell => {
    const { contenders, partOf, scenario, seeds, vary, warmup, warnings } = cell
    const question: Question = {
      scenario,
      warnings,
      partOf,
      contenders: contenders.map(contenderOf),
      reps: seeds.length,
      seeds,
      warmup,
      precision: undefined,
      maxReps: seeds.length,
    }
    return { vary, question }
  })
  return { id: idOf(plan), cells }
}

/** What reading gives is what was written, infinite times included. */
export function planText(cells: readonly Cell[]): string {
  return encode(planOf(cells))
}

export function readPlan(text: string): Plan {
  return decode(text) as Plan
}

function portable(contender: Contender): Portable {
  const { label } = contender
  if ('spec' in contender) return { label, spec: contender.spec }
  const { sha256 } = contender
  if ('file' in contender) return { label, options: contender.options, sha256 }
  return { label, from: contender.from, place: contender.place, sha256 }
}

function contenderOf(each: Portable): Contender {
  if ('spec' in each) return each
  return 'options' in each ? { ...each, file: '' } : { ...each, experiment: '' }
}
