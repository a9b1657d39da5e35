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
  /** By turn, since one that was given up may get ready after the next one has. */
  private readonly ready = new Map<number, Change>()
  /** Those that are not ready yet; true: go ahead as soon as you are, false: forget it. */
  private readonly pending = new Map<number, boolean | undefined>()

  constructor(proxy: Proxy, turn: number, threads: number, post: (message: FromWorker) => void) {
    this.proxy = proxy
    this.turn = turn
    this.threads = threads
    this.post = post
  }

  async prepare(preparation: Preparation): Promise<void> {
    const { pending, ready } = this
    const { turn } = preparation
    pending.set(turn, undefined)
    let problem: string | undefined
    try {
      ready.set(turn, await this.changeFor(preparation))
    } catch (error) {
      // All others have done it: whoever takes our place begins as they are.
      if (pending.get(turn) === true) throw error
      problem = error instanceof Error ? error.message : String(error)
    }
    const decided = pending.get(turn)
    pending.delete(turn)
    this.post({ type: 'prepared', turn, problem })
    if (decided !== undefined) this.decide(turn, decided)
  }

  decide(turn: number, commit: boolean): void {
    const { pending, ready } = this
    if (pending.has(turn)) pending.set(turn, commit)
    const change = ready.get(turn)
    ready.delete(turn)
    if (commit) change?.commit()
    else change?.cancel()
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
