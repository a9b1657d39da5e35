import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import { isPromise } from './promised.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Sight } from './sight.ts'
import type { SharePromise, Strategy, StrategyContext, StrategyFactory } from './strategy.ts'
import type { Verb } from './watched.ts'

/** What a strategy did that none may do. */
export interface StrategyFault {
  readonly verb: Verb
  /** It `threw`, `picked` what it was not given, `promised` to be done later, or `changed` what is not its own. */
  readonly kind: 'threw' | 'picked' | 'promised' | 'changed'
  /** In words, to be read after the verb: `threw TypeError: x is not a function`. */
  readonly problem: string
  /** What was thrown. */
  readonly error?: unknown
}

export interface Guard {
  /** Takes over after the first fault, and keeps the office. */
  readonly fallback: StrategyFactory
  /** Told once. */
  onFault(fault: StrategyFault): void
}

/**
 * Somebody else's strategy. The first time that a verb throws or gives a promise, or a pick is not one of the servers it was given,
 * another takes its place for good, and the request at hand is served by that. That is all a guard can do: one that hangs, throws from a
 * timer of its own, or writes where it should only read, as into the counts of requests in flight, is for the rehearsal to find.
 *
 * The fallback is made first, so that in a shared memory its arrays have their place whatever the other asks for.
 */
export function guarded(factory: StrategyFactory, guard: Guard): StrategyFactory {
  const create = (context: StrategyContext): Strategy => {
    const fallback = guard.fallback.create(context)
    const strategy = factory.create(context)
    const { memory } = context
    return strategy.heard === undefined && fallback.heard === undefined
      ? new Guarded(strategy, fallback, guard, memory)
      : new Listening(strategy, fallback, guard, memory)
  }
  const keyed = factory.keyed === true || guard.fallback.keyed === true
  return { ...factory, keyed, create }
}

/** The fallback of a guarded strategy takes over, without a fault of its own: another thread has seen one. */
export function giveWay(strategy: Strategy): void {
  if (strategy instanceof Guarded) strategy.giveWay()
}

/** The fallback of a guarded strategy has taken over. */
export function gaveWay(strategy: Strategy): boolean {
  return strategy instanceof Guarded && strategy.failed
}

/** What `guarded` makes. */
export class Guarded implements Strategy {
  failed = false
  /** Told when the fallback takes over, and what that promises. */
  onGiveWay: (promise: SharePromise) => void = () => {}
  protected current: Strategy
  private readonly fallback: Strategy
  private readonly guard: Guard
  private readonly memory: Memory
  private servers: readonly Endpoint[] = []
  /** By slot: where in the list that server stands, so that to look it up costs the same for three and for a thousand. */
  private readonly places: Int32Array

  constructor(strategy: Strategy, fallback: Strategy, guard: Guard, memory: Memory) {
    this.current = strategy
    this.fallback = fallback
    this.guard = guard
    this.memory = memory
    this.places = new Int32Array(memory.slots)
  }

  get name(): string {
    return this.current.name
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (let i = 0; i < servers.length; i++) this.places[servers[i].slot] = i
    if (this.failed) return this.fallback.update(servers)
    try {
      // A list of its own: sorting it must not change ours.
      const given: unknown = this.current.update(servers.slice())
      if (given !== undefined) this.gave('update', given)
    } catch (error) {
      this.fail({ verb: 'update', kind: 'threw', problem: thrown(error), error })
    }
  }

  /** Hot: two comparisons and a `try`, which costs nothing where nothing is thrown. */
  pick(key: number, attempt: number): Endpoint {
    if (this.failed) return this.fallback.pick(key, attempt)
    const { places, servers } = this
    let fault: StrategyFault
    try {
      const server = this.current.pick(key, attempt)
      if (server !== undefined && server !== null && servers[places[server.slot]] === server) {
        return server
      }
      fault = isPromise(server)
        ? { verb: 'pick', kind: 'promised', problem: PROMISED }
        : { verb: 'pick', kind: 'picked', problem: gave(server, servers) }
    } catch (error) {
      fault = { verb: 'pick', kind: 'threw', problem: thrown(error), error }
    }
    this.fail(fault)
    return this.fallback.pick(key, attempt)
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    if (this.failed) return this.fallback.settled(server, latency, outcome)
    try {
      const given: unknown = this.current.settled(server, latency, outcome)
      if (given !== undefined) this.gave('settled', given)
    } catch (error) {
      this.fail({ verb: 'settled', kind: 'threw', problem: thrown(error), error })
    }
  }

  /** That somebody else's strategy cannot tell what it does is no fault: then it is told without scores. */
  explain(sight: Sight, key: number, attempt: number): void {
    try {
      this.current.explain?.(sight, key, attempt)
    } catch {
      sight.forget()
    }
  }

  /** A verb gave something, where there is nothing to give: no harm, unless it is a promise. */
  protected gave(verb: Verb, given: unknown): void {
    if (isPromise(given)) this.fail({ verb, kind: 'promised', problem: PROMISED })
  }

  giveWay(): void {
    if (this.failed) return
    this.failed = true
    this.current = this.fallback
    if (this.servers.length > 0) this.fallback.update(this.servers)
    this.onGiveWay(this.guard.fallback.promise)
  }

  protected fail(fault: StrategyFault): void {
    const { lock, thread } = this.memory
    lock.free(thread) // It may have failed inside.
    this.giveWay()
    try {
      this.guard.onFault(fault)
    } catch {
      // Somebody else's error can be told in such a way that telling it fails. The request goes on all the same.
    }
  }
}

class Listening extends Guarded {
  heard(server: Endpoint, report: Report): void {
    if (this.failed) return this.current.heard?.(server, report)
    try {
      const given: unknown = this.current.heard?.(server, report)
      if (given !== undefined) this.gave('heard', given)
    } catch (error) {
      this.fail({ verb: 'heard', kind: 'threw', problem: thrown(error), error })
    }
  }
}

const PROMISED = 'gave a promise: it must not be async'

/** `threw TypeError: x is not a function`. Anything can be thrown, even what cannot be told. */
export function thrown(error: unknown): string {
  try {
    return `threw ${onOneLine(String(error))}`
  } catch {
    return 'threw something that cannot be shown'
  }
}

/** The most characters of somebody else's words. */
const MOST_WORDS = 1000

/** Somebody else's words, for a terminal or a log: no line breaks, nor what a terminal would take for an order. */
export function onOneLine(text: string): string {
  // Cut first: in a long row of blanks the search for a line break takes its square.
  const line = text
    .slice(0, 2 * MOST_WORDS)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{fffd}')
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line
}

function gave(server: unknown, servers: readonly Endpoint[]): string {
  const ids = servers.map(({ id }) => id).join(', ')
  try {
    const id = (server as Partial<Endpoint> | undefined)?.id
    if (typeof id === 'string' && servers.some((each) => each.id === id))
      return `gave a copy of "${onOneLine(id)}" (or an old one), not the object that it was given`
    const what = typeof id === 'string' ? `"${onOneLine(id)}"` : kindOf(server)
    return `gave ${what}, which is not one of ${ids}`
  } catch {
    return `gave what is not one of ${ids}`
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}
