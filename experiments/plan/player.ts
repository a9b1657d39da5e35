import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { Blocks } from '../../simulator/infer/blocks.ts'
import { Copy } from '../../simulator/infer/copy.ts'
import type { RunResult } from '../../simulator/result.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { lineOf } from '../sim/progress.ts'

/** Somebody does not want to wait. */
export class Stopped extends Error {
  override name = 'Stopped'
}

export interface Play {
  readonly strategy: StrategyFactory
  readonly beside: number
  readonly blocks: number
  readonly onAttempt?: (id: string, start: number, end: number) => void
}

export interface Played {
  readonly blocks: Blocks
  readonly runs: readonly RunResult[]
}

/** How often to tell, in milliseconds. */
const EVERY = 200

/** Plays copies of a log, one after another, in pieces: so Ctrl-C is heard, and a terminal is told how far it is. */
export class Player {
  /** Runs that will be asked for, as far as that is known. */
  expected = 0
  private done = 0
  private requests = 0
  private readonly startedAt = performance.now()
  private shownAt = performance.now()
  private shown = false
  private readonly stream: NodeJS.WriteStream
  private readonly interrupt: Interrupt

  constructor(stream: NodeJS.WriteStream, interrupt: Interrupt) {
    this.stream = stream
    this.interrupt = interrupt
  }

  /** Throws `Stopped`. What the runs saw is added up, by when requests came. */
  async play(scenarios: readonly Scenario[], given: Play): Promise<Played> {
    const { beside, onAttempt, strategy } = given
    const [{ duration, warmup = 0 }] = scenarios
    const blocks = new Blocks(warmup, duration, given.blocks)
    const runs: RunResult[] = []
    for (const scenario of scenarios) {
      const copy = new Copy(scenario, blocks, { beside, onAttempt, strategy })
      for (let on = true; on;) {
        on = copy.step()
        // So that signals are heard.
        await new Promise(setImmediate)
        if (this.interrupt.happened) throw new Stopped()
        this.show()
      }
      const { result } = copy
      runs.push(result)
      this.done++
      this.requests += result.generated
    }
    return { blocks, runs }
  }

  end(): void {
    if (this.shown) this.stream.write('\r\u001B[K')
    this.shown = false
  }

  private show(): void {
    const now = performance.now()
    if (!this.stream.isTTY || now - this.shownAt < EVERY) return
    this.shownAt = now
    this.shown = true
    const asked = Math.max(this.expected, this.done + 1)
    const line = lineOf({ requests: this.requests, runs: this.done }, asked, now - this.startedAt)
    this.stream.write(`\r\u001B[K${line.slice(0, (this.stream.columns || 80) - 1)}`)
  }
}
