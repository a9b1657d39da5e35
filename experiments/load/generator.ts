import { Sender, type SenderOptions } from './sender.ts'
import type { DueRequest, Source } from './source.ts'
import { LONGEST_WAIT } from './timer.ts'

export interface GeneratorOptions extends SenderOptions {
  readonly source: Source
  /** Nothing is due from this many milliseconds on. Default: as long as the source goes. */
  readonly duration?: number | undefined
}

/**
 * Sends each request of a source when it is due, to one origin. Nothing waits for an earlier answer, and a late timer sends
 * everything that has become due meanwhile, each still counted from its own moment.
 */
export class Generator extends Sender {
  private readonly source: Source
  private readonly duration: number
  private upcoming: DueRequest | undefined
  private callOff: (() => void) | undefined

  constructor(options: GeneratorOptions) {
    super(options)
    this.source = options.source
    this.duration = options.duration ?? Infinity
  }

  protected begin(): void {
    this.advance()
    this.pump()
  }

  protected rest(): void {
    this.callOff?.()
  }

  protected answered(): void {}

  private readonly pump = (): void => {
    if (!this.running) return
    const now = this.timer.now()
    while (this.upcoming !== undefined && this.began + this.upcoming.time <= now) {
      this.send(this.upcoming)
      this.advance()
    }
    if (this.upcoming === undefined) return this.stop()
    const wait = this.began + this.upcoming.time - this.timer.now()
    this.callOff = this.timer.after(Math.min(LONGEST_WAIT, Math.max(0, wait)), this.pump)
  }

  private advance(): void {
    const next = this.source.next()
    this.upcoming = next !== undefined && next.time < this.duration ? next : undefined
  }
}
