import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { resultOf, type RunResult } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { Simulation } from '../simulation.ts'
import { BlockRecorder, type Blocks } from './blocks.ts'

export interface CopyOptions {
  /** In place of the scenario's. */
  readonly strategy?: StrategyFactory | undefined
  /** What each request takes on top, in milliseconds. */
  readonly beside: number
  readonly onAttempt?: ((id: string, start: number, end: number) => void) | undefined
}

/** A run of a log's copy, piece by piece: whoever waits for it can be told how far it is, and can stop. */
export class Copy {
  private readonly simulation: Simulation
  private readonly recorder: BlockRecorder
  private readonly pieces: number
  private piece = 0

  /** Adds what clients see to `blocks`. */
  constructor(
    scenario: Scenario,
    blocks: Blocks,
    { beside, onAttempt, strategy }: CopyOptions,
    pieces = 20,
  ) {
    this.pieces = pieces
    this.recorder = new BlockRecorder(blocks, beside, onAttempt)
    this.simulation = new Simulation(scenario, this.recorder, strategy && { strategy })
    this.recorder.clock = this.simulation.clock
  }

  /** The next piece; false if that was the last. */
  step(): boolean {
    this.piece++
    const last = this.piece >= this.pieces
    const { duration } = this.simulation.scenario
    this.simulation.run(last ? Infinity : (duration * this.piece) / this.pieces)
    return !last
  }

  get result(): RunResult {
    return resultOf(this.simulation, this.recorder)
  }
}
