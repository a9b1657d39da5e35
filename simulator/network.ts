import type { Rng } from '../proxy/core/rng.ts'
import { Batch } from './batch.ts'
import { type DistributionSpec, source } from './distributions.ts'
import { ANSWER, eventOf, REACH } from './events.ts'
import type { Attempt } from './request.ts'

/** Who is told that time passes: the simulation. */
interface Owner {
  after(span: number, code: number): void
}

/** Carries attempts to servers, and answers back. Where that takes no time there is no event either. */
export class Network {
  private readonly owner: Owner
  private readonly delays: Batch | undefined

  constructor(owner: Owner, spec: DistributionSpec | undefined, rng: Rng) {
    this.owner = owner
    this.delays = spec && new Batch(source(spec, rng.fork('network'), 'network'))
  }

  /** To its server. */
  send(attempt: Attempt): void {
    if (this.delays === undefined) {
      attempt.station.arrive(attempt)
      return
    }
    attempt.stage = 'outbound'
    this.owner.after(this.delays.next(), eventOf(REACH, attempt.index))
  }

  /** To its proxy. */
  answer(attempt: Attempt): void {
    if (this.delays === undefined) {
      attempt.data.proxy.answered(attempt)
      return
    }
    attempt.stage = 'inbound'
    this.owner.after(this.delays.next(), eventOf(ANSWER, attempt.index))
  }
}
