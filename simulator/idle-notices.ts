import type { Endpoint } from '../proxy/core/endpoint.ts'
import type { Report } from '../proxy/core/report.ts'
import type { Rng } from '../proxy/core/rng.ts'
import type { Listener, News } from './news.ts'

export interface IdleNoticesOptions {
  readonly news: News
  readonly rng: Rng
  /** The balancers between which servers choose. */
  readonly dispatchers: readonly Listener[]
  /** How many of them a server looks at, 1 by itself. */
  readonly choices?: number
  /** How many servers the dispatcher with that index knows to be idle. Asked only where there is a choice. */
  readonly lengthOf?: (dispatcher: number) => number
}

/**
 * The other half of join idle queue: a server that becomes idle says so to one dispatcher, and to no other, so that two do not
 * send to it at once. Which one is drawn (JIQ-Random), or of several drawn the one that knows the fewest idle servers
 * (JIQ-SQ(d)). Lu, Xie, Kliot, Geller, Larus, Greenberg, "Join-Idle-Queue: A novel load balancing algorithm for dynamically
 * scalable web services", Performance Evaluation 68(11), 2011.
 *
 * The notice is a report like any other, with nothing in hand, and takes its time to arrive.
 */
export class IdleNotices {
  private readonly options: IdleNoticesOptions
  private readonly choices: number
  /** The dispatchers in some order; those drawn are brought to its front. */
  private readonly order: Int32Array

  /** Throws a `RangeError` for choices that there are not. */
  constructor(options: IdleNoticesOptions) {
    const { choices = 1, dispatchers, lengthOf } = options
    if (!Number.isInteger(choices) || choices < 1 || choices > dispatchers.length) {
      throw new RangeError(`choices must be from 1 to ${dispatchers.length}, got ${choices}`)
    }
    if (choices > 1 && lengthOf === undefined) {
      throw new RangeError('more than one choice needs the lengths of the lists')
    }
    this.options = options
    this.choices = choices
    this.order = Int32Array.from(dispatchers, (_, index) => index)
  }

  /** A server has nothing more in hand. `known[i]`: as the dispatcher i knows it. */
  idle(known: readonly Endpoint[], report: Report): void {
    const { dispatchers, news } = this.options
    const chosen = this.choose()
    news.tell(dispatchers[chosen], known[chosen], report)
  }

  /** Draws without putting back; of lists that are equally short the one drawn first. */
  private choose(): number {
    const { choices, options, order } = this
    let best = -1
    let shortest = Infinity
    for (let i = 0; i < choices; i++) {
      const at = i + options.rng.int(order.length - i)
      const drawn = order[at]
      order[at] = order[i]
      order[i] = drawn
      if (choices === 1) return drawn
      const length = options.lengthOf!(drawn)
      if (length < shortest) {
        shortest = length
        best = drawn
      }
    }
    return best
  }
}
