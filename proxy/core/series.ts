import type { Balancer } from './balancer.ts'
import type { Clock } from './clock.ts'
import type { Endpoint, ServerState } from './endpoint.ts'
import type { Outcome, Recorder } from './recorder.ts'
import type { ServerSnapshot, Snapshot, StateEvent } from './snapshot.ts'
import { Tally } from './tally.ts'
import type { WaitingLine } from './waiting-line.ts'

/** How long a snapshot of the series is, in milliseconds of the owner's time, real or virtual. */
const SPAN = 1000

/** Somebody who is told; see `Series.listen`. */
export interface SeriesListener {
  /** A second is over. */
  onSnapshot?(snapshot: Snapshot): void
  /** A change of state was seen: within 100 ms. */
  onEvent?(event: StateEvent): void
}

/** What the series knows of one server. */
class ServerLog {
  readonly second = new Tally()
  readonly total = new Tally()
  /** As last told; a server not told of yet is gone. */
  state: StateEvent['from'] = 'gone'
  /** Picks and due picks when the present second began. */
  picks = 0
  due = 0
}

/**
 * Records everything once, and gives it back as a snapshot a second and as the sum since the beginning.
 *
 * The hot calls touch the present second only; when it ends, it is added to the total.
 */
export class Series implements Recorder {
  private readonly clock: Clock
  private readonly balancer: Balancer
  private readonly span: number
  private readonly line: Pick<WaitingLine, 'total'> | undefined
  private readonly began: number
  private secondBegan: number
  private readonly logs = new Map<Endpoint, ServerLog>()
  private readonly requestsSecond = new Tally()
  private readonly requestsTotal = new Tally()
  private retriesSecond = 0
  private retriesTotal = 0
  /** Of the balancer's, when the present second began. */
  private panicPicks = 0
  private events: StateEvent[] = []
  private readonly listeners = new Set<SeriesListener>()

  /** `span`: how long a snapshot is; with `Infinity` it ends only where `turn` says so. `line`: where requests wait, if anywhere. */
  constructor(clock: Clock, balancer: Balancer, span = SPAN, line?: Pick<WaitingLine, 'total'>) {
    this.clock = clock
    this.balancer = balancer
    this.span = span
    this.line = line
    this.began = clock.now
    this.secondBegan = clock.now
    for (const server of balancer.servers) this.logOf(server).state = newsOf(server)
  }

  attempt(server: Endpoint, latency: number, outcome: Outcome): void {
    this.logOf(server).second.record(latency, outcome)
  }

  request(latency: number, attempts: number, outcome: Outcome): void {
    this.requestsSecond.record(latency, outcome)
    if (attempts > 1) this.retriesSecond += attempts - 1
  }

  /** Call it after the balancer's own tick, so that due shares are up to date. */
  tick(servers: readonly Endpoint[]): void {
    this.watch(servers)
    if (this.clock.now - this.secondBegan >= this.span) this.turn()
  }

  /** The present second ends here, and is told. */
  turn(): void {
    if (this.listeners.size > 0) this.tell(this.second())
    this.requestsTotal.add(this.requestsSecond)
    this.requestsSecond.clear()
    this.retriesTotal += this.retriesSecond
    this.retriesSecond = 0
    this.panicPicks = this.balancer.panicPicks
    for (const [server, log] of this.logs) {
      log.total.add(log.second)
      log.second.clear()
      log.picks = this.balancer.picksOf(server)
      log.due = this.balancer.dueOf(server)
    }
    this.events = []
    this.secondBegan = this.clock.now
  }

  /** What happened since the last whole second. */
  second(): Snapshot {
    const span = this.clock.now - this.secondBegan
    return this.snapshot(span, this.requestsSecond, (log) => log.second, true)
  }

  /** What happened since the beginning. Reading changes nothing. */
  total(): Snapshot {
    const requests = sum(this.requestsTotal, this.requestsSecond)
    const span = this.clock.now - this.began
    return this.snapshot(span, requests, (log) => sum(log.total, log.second), false)
  }

  /** What the attempts at this server came to since the beginning: a copy. Reading changes nothing. */
  attemptsOf(server: Endpoint): Tally {
    const log = this.logs.get(server)
    return log === undefined ? new Tally() : sum(log.total, log.second)
  }

  /** From here on `listener` is told. Call what it gives back to end that. */
  listen(listener: SeriesListener): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private tell(snapshot: Snapshot): void {
    for (const listener of this.listeners) listener.onSnapshot?.(snapshot)
  }

  private snapshot(
    span: number,
    requests: Tally,
    tallyOf: (log: ServerLog) => Tally,
    sinceSecond: boolean,
  ): Snapshot {
    const { balancer } = this
    let picks = 0
    let due = 0
    const servers: ServerSnapshot[] = balancer.servers.map((server) => {
      const log = this.logOf(server)
      const mine = balancer.picksOf(server) - (sinceSecond ? log.picks : 0)
      const mineDue = balancer.dueOf(server) - (sinceSecond ? log.due : 0)
      picks += mine
      due += mineDue
      return {
        id: server.id,
        state: server.state,
        reason: server.reason,
        weight: server.configuredWeight,
        inflight: server.inflight,
        picks: mine,
        share: null,
        dueShare: mineDue,
        attempts: tallyOf(log).snapshot(span),
      }
    })
    for (const server of servers) {
      server.share = picks > 0 ? server.picks / picks : null
      server.dueShare = due > 0 ? server.dueShare! / due : null
    }
    return {
      time: this.clock.now - this.began,
      span,
      strategy: balancer.strategy.name,
      promise: balancer.promise,
      requests: requests.snapshot(span),
      retries: this.retriesSecond + (sinceSecond ? 0 : this.retriesTotal),
      waiting: this.line?.total ?? 0,
      panic: balancer.panicking,
      panicPicks: balancer.panicPicks - (sinceSecond ? this.panicPicks : 0),
      servers,
      events: sinceSecond ? this.events.slice() : [],
    }
  }

  /** Notes changes of state. Who goes is told first: another of the same id may have come in its place. */
  private watch(servers: readonly Endpoint[]): void {
    for (const [server, log] of this.logs) {
      if (!server.removed) continue
      if (log.state !== 'gone') this.note(server, log.state, 'gone')
      this.logs.delete(server) // It may come back, and begins anew then.
    }
    for (const server of servers) {
      const log = this.logOf(server)
      const state = newsOf(server)
      if (log.state !== state) this.note(server, log.state, state)
      log.state = state
    }
  }

  private note(server: Endpoint, from: StateEvent['from'], to: StateEvent['to']): void {
    const time = this.clock.now - this.began
    const event: StateEvent = { time, server: server.id, from, to, reason: server.reason }
    this.events.push(event)
    for (const listener of this.listeners) listener.onEvent?.(event)
  }

  private logOf(server: Endpoint): ServerLog {
    let log = this.logs.get(server)
    if (log === undefined) {
      log = new ServerLog()
      this.logs.set(server, log)
    }
    return log
  }
}

/** The state as far as it is news: being full for a moment is load. */
function newsOf(server: Endpoint): ServerState {
  return server.state === 'full' ? 'up' : server.state
}

function sum(a: Tally, b: Tally): Tally {
  const all = new Tally()
  all.add(a)
  all.add(b)
  return all
}
