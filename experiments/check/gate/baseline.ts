import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { VERSION } from '../../../proxy/admin/version.ts'
import { show, writePath } from '../../../proxy/core/problems.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import type { Ran } from './run-entry.ts'
import { figureOf, type Figure } from '../../thresholds/figures.ts'
import { needsLevel, valueOf } from './figure-of-run.ts'
import { isLevel } from '../../../simulator/study/comparison.ts'

/** What is kept of each run beside what the gate compares, so that another gate file can compare by it, too. */
const KEPT = ['mean', 'p50', 'p95', 'p99', 'p99.9', 'errors', 'retries', 'goodput', 'fairness']

/** Another layout of the file gets another number. */
const FORMAT = 1

const fileShape = z.object({
  evenkeelBaseline: z.literal(FORMAT),
  version: z.string(),
  scenarios: z.record(
    z.string(),
    z.object({
      hash: z.string(),
      seed: z.number(),
      warmup: z.number(),
      seeds: z.array(z.number()).min(2),
      strategies: z.record(z.string(), z.record(z.string(), z.array(z.number()).nullable())),
    }),
  ),
})

/** What scenarios came to at another time, run by run. */
export type Baseline = z.output<typeof fileShape>
export type Known = Baseline['scenarios'][string]

/** Throws `WrongInput`. */
export function readBaseline(file: string): Baseline {
  let given: unknown
  try {
    given = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'is not there: --save-baseline makes one' : `cannot be read: ${message}`
    throw new WrongInput(`the baseline ${file} ${why}`)
  }
  const parsed = fileShape.safeParse(given, { reportInput: true })
  if (parsed.success) return parsed.data
  const [{ input, path }] = parsed.error.issues
  const at = writePath(path as (string | number)[]) || 'it'
  throw new WrongInput(
    `the baseline ${file} is none of this version's: ${at} is ${show(input)}. Make it anew with --save-baseline`,
  )
}

/** Why what was kept of a scenario cannot be compared with what it is now; undefined if it can. */
export function misfit(known: Known, name: string, scenario: Scenario): string | undefined {
  const anew = 'make it anew with --save-baseline on the branch to compare with'
  if (known.seed !== scenario.seed)
    return `the baseline of ${name} was made with seed ${known.seed}, and not ${scenario.seed}: give --seed ${known.seed}, or ${anew}`
  if (known.hash !== hashOf(scenario))
    return `the baseline of ${name} was made of another scenario than the one there is now: ${anew}`
  return undefined
}

/** Of all that a scenario says but its strategy and seed: SHA-256 in hex. */
function hashOf({
  name: _name,
  seed: _seed,
  strategy: _strategy,
  warmup: _warmup,
  ...rest
}: Scenario): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(rest)))
    .digest('hex')
}

/** With keys in the order of the alphabet, so that the same scenario is the same text. */
function sorted(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>)
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(pairs.map(([key, each]) => [key, sorted(each)]))
}

export function saveBaseline(file: string, all: readonly Ran[], compared: readonly Figure[]): void {
  const figures = [...KEPT.map((name) => figureOf(name) as Figure), ...compared]
  const scenarios: Record<string, Known> = {}
  for (const { entry, runs, seeds, settled, warmup } of all) {
    const strategies: Record<string, Record<string, number[] | null>> = {}
    entry.contenders.forEach(({ label }, i) => {
      const pairs = figures.map((figure) => {
        if (needsLevel(figure) && !isLevel(settled[i])) return [figure.name, null]
        const values = runs[i].map((run) => valueOf(figure, run))
        return [figure.name, values.includes(null) ? null : values]
      })
      strategies[label] = Object.fromEntries(pairs)
    })
    const { seed } = entry.scenario
    scenarios[entry.name] = {
      hash: hashOf(entry.scenario),
      seed,
      warmup,
      seeds: [...seeds],
      strategies,
    }
  }
  const baseline: Baseline = { evenkeelBaseline: FORMAT, version: VERSION, scenarios }
  writeFileSync(
    file,
    `${JSON.stringify(baseline, undefined, 1)
      .replaceAll(/\n {5,}/g, ' ')
      .replaceAll(/,\n {4}\]/g, ']')}\n`,
  )
}
