import type { Exchange } from './exchange.ts'

/**
 * The exchanges under way. An array where the last one takes a leaver's place, and not a Set: a Set that entries run through by the
 * thousand makes a new table now and then, and V8 keeps the old tables, with the dead exchanges in them, until a full
 * collection. Measured over a million requests: 53 full collections with a Set, about 14 without, and a seventh less
 * processor time.
 */
export class Active {
  private readonly exchanges: Exchange[] = []

  add(exchange: Exchange): void {
    exchange.place = this.exchanges.push(exchange) - 1
  }

  remove(exchange: Exchange): void {
    const { exchanges } = this
    const { place } = exchange
    const last = exchanges.pop()!
    if (last === exchange) return
    exchanges[place] = last
    last.place = place
  }

  get all(): readonly Exchange[] {
    return this.exchanges
  }

  /** The proxy ends: so do all of them, with an answer where the client has none yet. */
  writeOff(): void {
    for (const exchange of this.exchanges.slice()) exchange.writeOff()
  }

  /** Ends what is late. Backwards, so that one which ends meanwhile is replaced by one that was looked at. */
  check(now: number): void {
    const { exchanges } = this
    for (let i = exchanges.length - 1; i >= 0; i--) exchanges.at(i)?.check(now)
  }
}
