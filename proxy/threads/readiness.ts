import type { Change } from '../change.ts'
import type { Proxy } from '../proxy.ts'
import { wantedStrategy } from './agreed-strategy.ts'
import type { FromWorker, Preparation } from './messages.ts'

/** One thread's part in changes that all make, or none: see `Agreement`. */
export class Readiness {
  /** Which strategy is in office, counted from the start. */
  turn: number
  private readonly proxy: Proxy
  private readonly threads: number
  private readonly post: (message: FromWorker) => void
  private ready: { readonly turn: number; readonly change: Change } | undefined
  /** What to do when it is ready: it was told before it was. */
  private decided: { readonly turn: number; readonly commit: boolean } | undefined

  constructor(proxy: Proxy, turn: number, threads: number, post: (message: FromWorker) => void) {
    this.proxy = proxy
    this.turn = turn
    this.threads = threads
    this.post = post
  }

  async prepare(preparation: Preparation): Promise<void> {
    const { turn } = preparation
    try {
      const change = await this.changeFor(preparation)
      this.ready = { turn, change }
    } catch (error) {
      // All others have done it: whoever takes our place begins as they are.
      if (this.decided?.turn === turn && this.decided.commit) throw error
      const problem = error instanceof Error ? error.message : String(error)
      return this.post({ type: 'prepared', turn, problem })
    }
    this.post({ type: 'prepared', turn, problem: undefined })
    if (this.decided?.turn === turn) this.decide(turn, this.decided.commit)
  }

  decide(turn: number, commit: boolean): void {
    const { ready } = this
    this.decided = { turn, commit }
    if (ready?.turn !== turn) return
    this.ready = undefined
    if (commit) ready.change.commit()
    else ready.change.cancel()
  }

  private async changeFor({ office, settings, turn }: Preparation): Promise<Change> {
    if (office === undefined) return this.proxy.prepare({ ...(settings && { settings }) })
    const { fallback, print, room, settings: chosen } = office
    const onGiveWay = (message: string): void => this.post({ type: 'gaveWay', turn, message })
    const factory = await wantedStrategy(office, this.threads, onGiveWay)
    const strategy = { factory, settings: chosen, fallback, print, room }
    const change = this.proxy.prepare({ ...(settings && { settings }), strategy })
    const commit = (): void => {
      change.commit()
      this.turn = turn
    }
    return { commit, cancel: () => change.cancel() }
  }
}
