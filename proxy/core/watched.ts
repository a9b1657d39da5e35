import type { Endpoint } from './endpoint.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Sight } from './sight.ts'
import type { Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

/** What a strategy can be asked to do. Where it stands is how notes write it; 0 is that nothing is being done. */
export const VERBS = ['', 'load', 'constructor', 'update', 'pick', 'settled', 'heard'] as const
export type Verb = (typeof VERBS)[number]

/** Where notes are taken, for whoever looks from another thread: how many calls there were, and the verb of this one. */
export class Notes {
  /** Over a `SharedArrayBuffer`, if there is somebody on another thread. */
  readonly cells: Int32Array
  /** What was thrown last, for whoever is told of it in words only. */
  thrown: unknown

  constructor(cells: Int32Array = new Int32Array(2)) {
    this.cells = cells
  }

  get calls(): number {
    return Atomics.load(this.cells, 0)
  }

  get verb(): Verb {
    return VERBS[Atomics.load(this.cells, 1)]
  }

  /** Loads a file, which may take as long as the code in it likes. */
  beginLoading(): void {
    this.begin(1)
  }

  /** Makes a strategy. */
  beginMaking(): void {
    this.begin(2)
  }

  /** `verb`: where it stands in `VERBS`. */
  begin(verb: number): void {
    Atomics.add(this.cells, 0, 1)
    Atomics.store(this.cells, 1, verb)
  }

  remember(error: unknown): unknown {
    this.thrown = error
    return error
  }

  end(): void {
    Atomics.store(this.cells, 1, 0)
  }
}

/**
 * The same strategy, that notes each verb before it is run and when it is over. A loop without an end cannot be seen from
 * inside: somebody on another thread has to look, and end this one.
 */
export function watched(factory: StrategyFactory, notes: Notes): StrategyFactory {
  const create = (context: StrategyContext): Strategy => {
    notes.beginMaking()
    try {
      const strategy = factory.create(context)
      return strategy.heard === undefined
        ? new Watched(strategy, notes)
        : new Listening(strategy, notes)
    } catch (error) {
      throw notes.remember(error)
    } finally {
      notes.end()
    }
  }
  return { ...factory, create }
}

class Watched implements Strategy {
  readonly name: string
  protected readonly inner: Strategy
  protected readonly notes: Notes

  constructor(inner: Strategy, notes: Notes) {
    this.name = inner.name
    this.inner = inner
    this.notes = notes
  }

  update(servers: readonly Endpoint[]): void {
    this.notes.begin(3)
    try {
      return this.inner.update(servers)
    } catch (error) {
      throw this.notes.remember(error)
    } finally {
      this.notes.end()
    }
  }

  pick(key: number, attempt: number): Endpoint {
    this.notes.begin(4)
    try {
      return this.inner.pick(key, attempt)
    } catch (error) {
      throw this.notes.remember(error)
    } finally {
      this.notes.end()
    }
  }

  explain(sight: Sight, key: number, attempt: number): void {
    this.inner.explain?.(sight, key, attempt)
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.notes.begin(5)
    try {
      return this.inner.settled(server, latency, outcome)
    } catch (error) {
      throw this.notes.remember(error)
    } finally {
      this.notes.end()
    }
  }
}

class Listening extends Watched {
  heard(server: Endpoint, report: Report): void {
    this.notes.begin(6)
    try {
      return this.inner.heard!(server, report)
    } catch (error) {
      throw this.notes.remember(error)
    } finally {
      this.notes.end()
    }
  }
}
