import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { VERSION } from '../../proxy/admin/version.ts'
import { isMapping } from '../../proxy/core/problems.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { decode } from './encoding.ts'
import { idOf, type Plan, planText, type Sweep } from './plan.ts'
import type { RunOf } from './results.ts'
import type { Shard } from './shard.ts'

/** The first line of a file of results. */
interface Head {
  readonly evenkeel: string
  readonly sweep: string
  readonly shard: Shard
  readonly plan: Plan
}

interface SavedRun {
  readonly of: RunOf
  /** What it came to, as JSON. */
  readonly text: string
}

export interface Saved {
  readonly head: Head
  readonly runs: readonly SavedRun[]
  /** How far whole lines go, in bytes: whoever was killed may have left half of one. */
  readonly whole: number
}

export function nameOf({ index, of }: Shard): string {
  return `${index}-of-${of}.jsonl`
}

/** Results on disk, a line a run, each there as soon as it is known: a run that was done is never done again. */
export class ResultsFile {
  private readonly file: number

  /** `saved`: what is in it already. */
  constructor(path: string, sweep: Sweep, shard: Shard, saved: Saved | undefined) {
    this.file = openSync(path, saved === undefined ? 'w' : 'r+')
    if (saved === undefined) {
      const { id, cells } = sweep
      const head = JSON.stringify({ evenkeel: VERSION, sweep: id, shard })
      writeSync(this.file, `${head.slice(0, -1)},"plan":${planText(cells)}}\n`)
    } else {
      ftruncateSync(this.file, saved.whole)
      this.at = saved.whole
    }
  }

  private at: number | undefined

  add({ cell, seed, strategy, warmup }: RunOf, text: string): void {
    const head = JSON.stringify({ cell, strategy, seed, warmup })
    const line = Buffer.from(`${head.slice(0, -1)},"run":${text}}\n`)
    // Where it was opened for reading as well, there is no end to append to.
    writeSync(this.file, line, 0, line.length, this.at)
    if (this.at !== undefined) this.at += line.length
  }

  close(): void {
    closeSync(this.file)
  }
}

/** What a file of results has; undefined if there is no such file, or nothing whole in it. Throws `WrongInput` where it is something else. */
export function readResults(path: string): Saved | undefined {
  if (!existsSync(path)) return undefined
  const bytes = bytesOf(path)
  const whole = bytes.lastIndexOf('\n') + 1
  if (whole === 0) return undefined
  const lines: string[] = []
  for (let from = 0; from < whole;) {
    const to = bytes.indexOf('\n', from)
    lines.push(bytes.toString('utf8', from, to))
    from = to + 1
  }
  const name = basename(path)
  const [first, ...rest] = lines
  return { head: headOf(first, name), runs: rest.map((line, i) => runOf(line, name, i + 2)), whole }
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new WrongInput(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function headOf(line: string, name: string): Head {
  const head = parsed(line)
  if (!isMapping(head) || typeof head['sweep'] !== 'string' || !isMapping(head['plan']))
    throw new WrongInput(`${name} has no results of a sweep in it: its first line is no plan`)
  const { evenkeel, plan, sweep } = head as unknown as Head
  if (evenkeel !== VERSION) {
    const [theirs, ours] = [`version ${evenkeel}`, VERSION]
    throw new WrongInput(
      `${name} is of ${theirs}, and this is ${ours}: what they find may differ, so they do not mix`,
    )
  }
  if (idOf(plan) !== sweep) throw new WrongInput(`${name}: its first line was changed by hand`)
  return head as unknown as Head
}

function runOf(line: string, name: string, number: number): SavedRun {
  const found = parsed(line)
  if (isMapping(found) && isMapping(found['run'])) {
    const { cell, seed, strategy, warmup } = found as unknown as RunOf
    return {
      of: { cell, strategy, seed, warmup },
      text: line.slice(line.indexOf(',"run":') + 7, -1),
    }
  }
  throw new WrongInput(`${name}:${number} is no result of a run: somebody changed the file`)
}

function parsed(line: string): unknown {
  try {
    return decode(line)
  } catch {
    return undefined
  }
}
