import type { Rng } from '../../proxy/core/rng.ts'
import { TraceFormatError } from './errors.ts'
import type { TraceEntry } from './trace.ts'

const SECOND = 1000
/** More requests in one second come from a clock that stands still. */
const MOST = 1_000_000

/**
 * Puts requests of a clock of whole seconds anywhere in their second, evenly and independently, in the order that they have: as a Poisson
 * process would, given how many there were.
 */
export class Spread {
  private readonly rng: Rng
  private readonly emit: (entry: TraceEntry) => void
  private readonly held: TraceEntry[] = []

  constructor(rng: Rng, emit: (entry: TraceEntry) => void) {
    this.rng = rng
    this.emit = emit
  }

  /** Throws a `TraceFormatError` for a time within a second: what is known is not to be made up. */
  add(entry: TraceEntry): void {
    if (entry.t % SECOND !== 0) {
      throw new TraceFormatError(
        `only a clock of whole seconds can be spread, and one request came at ${entry.t / SECOND} s`,
      )
    }
    if (this.held.length > 0 && this.held[0].t !== entry.t) this.end()
    if (this.held.push(entry) > MOST) {
      throw new TraceFormatError(`more than ${MOST} requests in one second: its clock stands still`)
    }
  }

  /** After the last. */
  end(): void {
    const { held } = this
    const places = Float64Array.from(held, () => Math.floor(this.rng.float() * 1e6) / 1e3).sort()
    for (let i = 0; i < held.length; i++) {
      held[i].t += places[i]
      this.emit(held[i])
    }
    held.length = 0
  }
}
