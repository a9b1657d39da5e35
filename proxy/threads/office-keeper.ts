import { type Appointment, appointing, type Change, NO_CHANGE } from '../change.ts'
import type { Balancer } from '../core/balancer.ts'
import { gaveWay, giveWay } from '../core/guarded.ts'
import type { Office } from './messages.ts'
import { roomFor } from './shared-memory.ts'

/** A strategy that is to take office in the coordinator, and what threads are told of it; undefined: it stays as it is. */
interface NextOffice extends Change {
  readonly office: Office | undefined
}

/** The strategy that all threads choose by, as the coordinator knows it: it tells the threads, and has it in its own balancer too. */
export class OfficeKeeper {
  private readonly balancer: Balancer
  private readonly threads: number
  private office: Office

  /** `office`: the first one, which the balancer has already. */
  constructor(balancer: Balancer, threads: number, office: Office) {
    this.balancer = balancer
    this.threads = threads
    this.office = office
  }

  /** For a thread that begins. */
  get current(): Office {
    return { ...this.office, gaveWay: gaveWay(this.balancer.strategy) }
  }

  /** Throws what the strategy throws while it is made. */
  prepare(strategy: Appointment | undefined, turn: number): NextOffice {
    if (strategy === undefined) return { office: undefined, ...NO_CHANGE }
    const { factory, fallback, print, settings } = strategy
    const room = new SharedArrayBuffer(roomFor(factory, this.threads))
    const office = { turn, settings, fallback, print, gaveWay: false, room }
    const own = appointing(this.balancer, { factory, room })
    const commit = (): void => {
      own.commit()
      this.office = office
    }
    return { office, commit, cancel: () => own.cancel() }
  }

  /** All threads choose alike: what one has given up nobody goes on with. False: it is no news. */
  giveWay(turn: number): boolean {
    if (turn !== this.office.turn || gaveWay(this.balancer.strategy)) return false
    giveWay(this.balancer.strategy)
    return true
  }
}
