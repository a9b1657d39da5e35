import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { count, plural } from '../../simulator/format.ts'
import { steadinessOf } from '../../simulator/study/steadiness.ts'
import { seedsFor, warmUpFor } from '../../simulator/study/study.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { Missing, sizeOf, studiesOf } from './collect.ts'
import { complaining, DONE } from './ends.ts'
import { readResults, type Saved } from './file.ts'
import { makeFolder } from '../sim/folder.ts'
import type { ReportFlags } from './options.ts'
import { type Sweep, sweepFrom } from './plan.ts'
import { foundOf, tell } from './report.ts'
import { keyOf, Results, type RunOf } from './results.ts'

interface Part {
  readonly name: string
  readonly saved: Saved
}

/** Puts the parts of a sweep together, and gives the exit code. What it tells is what one machine would have told, byte for byte. */
export function merge(paths: readonly string[], flags: ReportFlags): Promise<number> {
  return complaining('sweep merge', async () => {
    if (flags.out !== undefined) makeFolder(flags.out)
    const { results, sweep } = await mergedOf(paths)
    const studies = await studiesOf(sweep, results, false)
    await tell(foundOf(sweep, studies, flags), flags)
    return DONE
  })
}

/** Throws `WrongInput`, a line for each thing that is wrong. */
export async function mergedOf(
  paths: readonly string[],
): Promise<{ readonly sweep: Sweep; readonly results: Results }> {
  const parts = partsOf(paths)
  const [{ saved }] = parts
  const sweep = sweepFrom(saved.head.plan)
  const results = together(sweep, parts)
  await checkAllThere(sweep, results, parts)
  return { sweep, results }
}

function partsOf(paths: readonly string[]): Part[] {
  const files = [...new Set(paths.flatMap(filesAt))]
  const parts = files.flatMap((name): Part[] => {
    const saved = readResults(name)
    return saved === undefined ? [] : [{ name, saved }]
  })
  if (parts.length === 0) throw new WrongInput(`there is nothing in ${paths.join(', ')}`)
  const [{ name: first, saved }] = parts
  const other = parts.find((part) => part.saved.head.sweep !== saved.head.sweep)
  if (other === undefined) return parts
  throw new WrongInput(
    `${first} and ${other.name} are of two sweeps (${saved.head.sweep} and ${other.saved.head.sweep}): ` +
      'their scenarios, variations, strategies or seeds are not the same',
  )
}

function filesAt(path: string): string[] {
  const what = statSync(path, { throwIfNoEntry: false })
  if (what === undefined) throw new WrongInput(`there is no ${path}`)
  if (!what.isDirectory()) return [path]
  const files = readdirSync(path)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
  if (files.length > 0) return files.map((name) => join(path, name))
  throw new WrongInput(`${path} has no results in it (files like 1-of-4.jsonl)`)
}

/** Each run once. Pilots, which each part has its own of, must have come to the same: a machine with other code would not. */
function together(sweep: Sweep, parts: readonly Part[]): Results {
  const results = new Results(sweep)
  const seen = new Map<string, { name: string; text: string }>()
  for (const { name, saved } of parts) {
    for (const { of, text } of saved.runs) {
      const key = keyOf(of)
      const before = seen.get(key)
      if (before === undefined) {
        check(sweep, of, name)
        seen.set(key, { name, text })
        results.addText(of, text)
      } else if (before.text !== text) {
        throw new WrongInput(
          `${before.name} and ${name} found different things in the same run (${told(of)}): they were not run by the same code`,
        )
      } else if (!isPilot(sweep, of)) {
        const [same, files] = [before.name === name, `${before.name} and ${name}`]
        throw new WrongInput(
          `${same ? `${name} has` : `${files} both have`} the run with ${told(of)}: each part once`,
        )
      }
    }
  }
  return results
}

function check({ cells }: Sweep, of: RunOf, name: string): void {
  const question = cells[of.cell]?.question
  if (question?.contenders.some(({ label }) => label === of.strategy)) return
  throw new WrongInput(`${name} has a run with ${told(of)}, which is none of the sweep's`)
}

function isPilot({ cells }: Sweep, { cell, seed }: RunOf): boolean {
  const { question } = cells[cell]
  return !seedsFor(question, question.reps).includes(seed)
}

function told({ seed, strategy }: RunOf): string {
  return `${strategy} and seed ${seed}`
}

async function checkAllThere(
  sweep: Sweep,
  results: Results,
  parts: readonly Part[],
): Promise<void> {
  let missing = 0
  for (const [cell, { question }] of sweep.cells.entries()) {
    const seeds = seedsFor(question, question.reps)
    const run = async (errand: { contender: number; seed: number; warmup: number }) => {
      const found = results.get(results.of(cell, errand))
      if (found === undefined) throw new Missing()
      return found
    }
    let warmup: number
    try {
      warmup = await warmUpFor(question, steadinessOf(question.scenario), { run })
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      missing += seeds.length * question.contenders.length
      continue
    }
    for (const contender of question.contenders.keys()) {
      for (const seed of seeds)
        if (results.get(results.of(cell, { contender, seed, warmup })) === undefined) missing++
    }
  }
  if (missing === 0) return
  const lines = [
    `${count(missing)} of ${plural(sizeOf(sweep), 'run')} are missing`,
    ...absent(parts),
  ]
  throw new WrongInput(lines.join('\n'))
}

/** Which parts, as far as their names can tell. */
function absent(parts: readonly Part[]): string[] {
  const shards = parts.map(({ saved }) => saved.head.shard)
  const [{ of }] = shards
  if (shards.some((shard) => shard.of !== of)) return []
  const there = new Set(shards.map(({ index }) => index))
  const gone = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !there.has(index))
  if (gone.length > 0)
    return gone
      .slice(0, 10)
      .map(
        (index) =>
          `part ${index} of ${of} is not here: run it with --shard ${index}/${of} --out DIR`,
      )
  const names = parts.map(({ name }) => basename(name)).join(', ')
  return [
    `all parts are here (${names}), so one was stopped: run it again with the same --out, and it goes on`,
  ]
}
