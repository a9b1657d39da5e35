import type { Replication } from '../../simulator/study/replication.ts'
import type { Errand } from '../../simulator/study/study.ts'
import { decode, encode } from './encoding.ts'
import type { Sweep } from './plan.ts'

/** Of which run a result is: enough to run it again. */
export interface RunOf {
  readonly cell: number
  /** By its label: files of results are read by people, too. */
  readonly strategy: string
  readonly seed: number
  /** What was left out; of the pilots that find it, 0. */
  readonly warmup: number
}

/**
 * What the runs of a sweep came to. All of them have been text, whether they come from a thread, a file or another machine: so it cannot
 * matter where they come from.
 */
export class Results {
  private readonly sweep: Sweep
  private readonly runs = new Map<string, Replication>()
  /** Hears of each that is new. */
  onNew: (run: RunOf, text: string) => void = () => {}

  constructor(sweep: Sweep) {
    this.sweep = sweep
  }

  of(cell: number, { contender, seed, warmup }: Errand): RunOf {
    const { label } = this.sweep.cells[cell].question.contenders[contender]
    return { cell, strategy: label, seed, warmup }
  }

  get(run: RunOf): Replication | undefined {
    return this.runs.get(keyOf(run))
  }

  get size(): number {
    return this.runs.size
  }

  add(run: RunOf, replication: Replication): Replication {
    const text = encode(replication)
    this.onNew(run, text)
    return this.addText(run, text)
  }

  /** Of one that somebody else ran, and knows to be kept. */
  addText(run: RunOf, text: string): Replication {
    const replication = replicationOf(decode(text))
    this.runs.set(keyOf(run), replication)
    return replication
  }
}

/** A name for it, in Redis as well; labels of strategies may have anything in them. */
export function keyOf({ cell, seed, strategy, warmup }: RunOf): string {
  return `${cell} ${seed} ${warmup} ${strategy}`
}

/** Curves are arrays of doubles again. */
function replicationOf(decoded: unknown): Replication {
  const { counts, sums, ...rest } = decoded as Replication
  return { ...rest, sums: Float64Array.from(sums), counts: Float64Array.from(counts) }
}
