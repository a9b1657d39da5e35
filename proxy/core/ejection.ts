import type { Clock } from './clock.ts'
import type { Endpoint, Standing } from './endpoint.ts'
import type { Memory } from './memory.ts'
import { type Outcome, OUTCOMES } from './recorder.ts'
import type { Rng } from './rng.ts'

export interface EjectionOptions {
  /** Failures in a row that eject a server. */
  consecutive: number
  /** How long the first time lasts, in milliseconds; the n-th lasts n times as long. */
  base: number
  /** The longest that a time gets, in milliseconds. */
  max: number
  /** The share of the servers, 0 to 1, that may be out at a time. One always may, unless this is 0. */
  share: number
}

/** For one that is switched off, and never asked. */
export const NO_EJECTION: EjectionOptions = { consecutive: Infinity, base: 0, max: 0, share: 0 }

/** As numbers in shared memory: 0 at first. */
const GOOD = 0
const EJECTED = 1
const PROBATION = 2
const PROBING = 3
const STANDINGS: readonly Standing[] = ['good', 'ejected', 'probation', 'probing']

/**
 * Whoever was not woken for so long, in milliseconds, has slept, with the machine or because it was stopped: what is late by then says nothing
 * of the servers. Ticks come every 100.
 */
const OVERSLEPT = 5000

/** A time is up to this share shorter than it would be, so that servers that failed together do not come back together. */
const JITTER = 0.1
/** Times are told apart only if they are further apart than this: a sum may be rounded. A microsecond. */
const NOTHING = 0.001

/**
 * Passive health: takes out servers whose answers to real requests fail, however well they answer checks.
 *
 * The counting is Envoy's (outlier detection, consecutive failures; gRPC does the same, proposal A50): so many failures in a row eject
 * for base × n, n counting up with each time and down by one for every `base` that went well. So do its floors: no more
 * than a share of the servers is out, and here never the last that is well.
 *
 * The way back is not. Envoy gives a server that has served its time its whole share at once, and loses as many requests as
 * it took to eject it. HAProxy waits for its own checks, which may pass all along. Here, as in nginx (`fail_timeout`) and Finagle (failure
 * accrual, `ProbeOpen`), one real request at a time is let through until one succeeds; if it fails, the next time begins. Which request
 * that is the strategy says, as always, so that keys stay with their servers; most can be tried again elsewhere.
 *
 * What began before a server's standing changed says nothing about it since: a hundred requests in flight to a server that dies are
 * one ejection, and none of them passes for the trial. That a client left says nothing at all.
 *
 * All threads that share the memory count together. Every verb that gives a boolean says whether a standing has changed.
 */
export class Ejection {
  /** Others hold from the next failure on; a time that has begun stays as long as it was. */
  options: EjectionOptions
  private readonly clock: Clock
  private readonly rng: Rng
  private readonly memory: Memory
  private readonly servers: readonly Endpoint[]
  /** All by slot. The standing, as a number. */
  private readonly state: Int32Array
  /** Failures in a row; those that ejected it, while it is out: 0 if that was its trial. */
  private readonly failures: Int32Array
  /** The `n` of its latest time. */
  private readonly times: Int32Array
  /** How the last failure ended: a place in `OUTCOMES`. */
  private readonly cause: Int32Array
  /** When its standing began; not when a trial did, for that belongs to the probation. */
  private readonly since: Float64Array
  /** When it is over by itself: its time, or the patience with a trial. */
  private readonly until: Float64Array

  private tickedAt = Infinity
  private wokeAt = -Infinity

  /** `servers`: all that there are, as they come and go. */
  constructor(
    options: EjectionOptions,
    clock: Clock,
    rng: Rng,
    memory: Memory,
    servers: readonly Endpoint[],
  ) {
    this.options = options
    this.clock = clock
    this.rng = rng
    this.memory = memory
    this.servers = servers
    this.state = memory.intPerSlot()
    this.failures = memory.intPerSlot()
    this.times = memory.intPerSlot()
    this.cause = memory.intPerSlot()
    this.since = memory.floatPerSlot()
    this.until = memory.floatPerSlot()
  }

  /** Shows on this thread's servers how they stand. `back`: told who is good again. */
  show(back: (server: Endpoint) => void): void {
    for (const server of this.servers) {
      const standing = STANDINGS[this.state[server.slot]]
      const { standing: before } = server
      if (standing === 'good' && before === 'good') continue
      server.standing = standing
      server.standingReason = standing === 'good' ? '' : this.reasonOf(server)
      if (standing === 'good') back(server)
    }
  }

  /** It is switched off: nobody is out any more, and nothing is held against anybody if it is switched on again. */
  pardonAll(back: (server: Endpoint) => void): void {
    for (const array of [this.state, this.failures, this.times, this.cause]) array.fill(0)
    this.show(back)
  }

  /** Hot: nothing is to be learned from this, and `settled` need not be called. */
  ignores({ slot }: Endpoint, outcome: Outcome): boolean {
    return outcome === 'ok' && this.failures[slot] === 0 && this.state[slot] === GOOD
  }

  /** An attempt ended. */
  settled(server: Endpoint, latency: number, outcome: Outcome): boolean {
    const { slot } = server
    const state = this.state[slot]
    const began = this.clock.now - latency
    if (state === EJECTED || began < this.since[slot] - NOTHING) return false
    if (state === GOOD && outcome !== 'ok' && began < this.wokeAt) return false
    if (outcome === 'aborted') return state === PROBING && this.change(slot, PROBING, PROBATION)
    if (outcome === 'ok') {
      this.failures[slot] = 0
      return state !== GOOD && this.change(slot, state, GOOD)
    }
    if (state !== GOOD) return this.eject(server, state, 0, outcome)
    const failures = this.memory.add(this.failures, slot, 1)
    return failures >= this.options.consecutive && this.eject(server, GOOD, failures, outcome)
  }

  /** A request wants to be the trial of a server on probation. False: another is. */
  claim({ slot }: Endpoint): boolean {
    return this.change(slot, PROBATION, PROBING)
  }

  /** Checks had taken it down, and say that it is well again: it is another server now, and need not wait for its time to be over. */
  recovered({ slot }: Endpoint): boolean {
    return this.change(slot, EJECTED, PROBATION)
  }

  /** Time has passed: whoever has served its time is on probation. */
  tick(): boolean {
    const { now } = this.clock
    if (now - this.tickedAt > OVERSLEPT) this.wokeAt = now
    this.tickedAt = now
    let changed = false
    for (const { slot } of this.servers) {
      const state = this.state[slot]
      if ((state !== EJECTED && state !== PROBING) || now < this.until[slot]) continue
      // A trial may be a download of an hour, or its thread may have died: it is not waited for longer than `base`.
      if (this.change(slot, state, PROBATION)) changed = true
    }
    return changed
  }

  /** `5 failures in a row (timeout), back in 8 s`. */
  private reasonOf({ slot }: Endpoint): string {
    const count = this.failures[slot]
    const cause = OUTCOMES[this.cause[slot]]
    const what =
      count === 0 ? 'failed again' : count === 1 ? '1 failure' : `${count} failures in a row`
    if (this.state[slot] !== EJECTED) return `${what} (${cause}), one request at a time is tried`
    const seconds = Math.max(1, Math.ceil((this.until[slot] - this.clock.now) / 1000))
    return `${what} (${cause}), back in ${seconds} s`
  }

  private eject(server: Endpoint, from: number, failures: number, outcome: Outcome): boolean {
    const { cause, clock, memory, options, rng, since, state, times, until } = this
    const { base, max } = options
    const { slot } = server
    const { lock } = memory
    lock.enter()
    const agreed = state[slot] === from
    const out = agreed && this.mayBeOut(server)
    if (out) {
      // What is over is forgiven while all goes well, but not during probation.
      const calm = from === GOOD ? Math.floor((clock.now - since[slot]) / base) : 0
      const before = Math.max(0, times[slot] - calm)
      times[slot] = before > 0 && base * before >= max ? before : before + 1
      until[slot] = clock.now + Math.min(base * times[slot], max) * (1 - JITTER * rng.float())
      since[slot] = clock.now
      cause[slot] = OUTCOMES.indexOf(outcome)
      this.failures[slot] = failures
      state[slot] = EJECTED
    } else if (agreed && from === PROBING) {
      state[slot] = PROBATION // Failed, but it is the last: whoever comes may try.
    }
    lock.leave()
    return out || (agreed && from === PROBING)
  }

  /** The floors: so that a bad minute of all servers, or a rolling restart, does not become an outage. */
  private mayBeOut(server: Endpoint): boolean {
    let wanted = 0
    let well = 0
    let out = 1
    for (const each of this.servers) {
      if (!each.wanted) continue
      wanted++
      if (each === server) continue
      if (this.state[each.slot] !== GOOD) out++
      else if (each.healthy) well++
    }
    const { share } = this.options
    return server.wanted && well > 0 && share > 0 && (out === 1 || out / wanted <= share)
  }

  private change(slot: number, from: number, to: number): boolean {
    const { clock, memory, since, state, until } = this
    memory.lock.enter()
    const changed = state[slot] === from
    if (changed) {
      if (to === PROBING) until[slot] = clock.now + this.options.base
      else if (from !== PROBING || to === GOOD) since[slot] = clock.now
      state[slot] = to
    }
    memory.lock.leave()
    return changed
  }
}
