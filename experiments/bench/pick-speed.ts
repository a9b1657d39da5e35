import { Bench } from 'tinybench'
import { BATCH } from './pick-world.ts'

/** Nanoseconds each. */
export interface Timing {
  /** Of the batches. */
  median: number
  /** Half of the batches were closer to the median than this. */
  deviation: number
  /** Per batch: what a plain loop without tinybench comes to, the moments between batches included. */
  plain: number
  /** CPU time of the thread in that loop: what others do on the machine hardly matters to it. */
  cpu: number
}

/** What is measured, and what happens in between without being measured. */
interface Work {
  readonly batch: () => void
  readonly between: () => void
}

const NANOSECONDS = 1e6
/** Batches between two looks at the clock. */
const STRIDE = 8

export function timing(work: Work, seconds: number): Timing {
  const milliseconds = seconds * 1000
  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 2, throws: true })
  bench.add('batch', work.batch, { async: false, beforeEach: work.between })
  const { result } = bench.runSync()[0]
  if (result.state !== 'completed') throw new Error(`tinybench ended as ${result.state}`)
  const { p50, mad } = result.latency
  const each = NANOSECONDS / BATCH
  return { median: p50 * each, deviation: mad * each, ...plain(work, milliseconds / 2) }
}

function plain({ batch, between }: Work, milliseconds: number): { plain: number; cpu: number } {
  const start = performance.now()
  const cpuStart = process.threadCpuUsage()
  let count = 0
  let now: number
  do {
    for (let i = 0; i < STRIDE; i++) {
      between()
      batch()
    }
    count += STRIDE * BATCH
    now = performance.now()
  } while (now - start < milliseconds)
  const { user, system } = process.threadCpuUsage(cpuStart)
  return { plain: ((now - start) * NANOSECONDS) / count, cpu: ((user + system) * 1000) / count }
}
