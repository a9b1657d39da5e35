import type { Balancer } from './core/balancer.ts'
import type { StrategyFactory } from './core/strategy.ts'
import type { OnSkipped, ServerChange } from './server-changes.ts'
import type { Settings, StrategySettings } from './settings.ts'

/** A strategy that is to take office, as a program of one thread needs it, and in words that can be sent to others. */
export interface Appointment {
  readonly factory: StrategyFactory
  readonly settings: StrategySettings
  /** Who takes over if it fails, for a file of the user's. */
  readonly fallback: StrategySettings
  /** Of the file, if it is one: see `Choice`. */
  readonly print: string | undefined
  /** Where its memory is, if threads share it: see `StrategyMaker.prepare`. */
  readonly room?: SharedArrayBuffer
}

/** What a running proxy is to become; what is left out stays as it is. */
export interface Plan {
  /** Complete, with what needs a restart as it is now. */
  readonly settings?: Settings
  readonly servers?: readonly ServerChange[]
  /** While it is committed: servers that came meanwhile may be in the way of these. */
  readonly onSkipped?: OnSkipped
  readonly strategy?: Appointment
}

/** Something that is ready to happen, and has not yet: all that can fail has been done. One of the two is called, once; neither throws. */
export interface Change {
  commit(): void
  cancel(): void
}

export const NO_CHANGE: Change = { commit() {}, cancel() {} }

/** Throws what the strategy throws while it is made. */
export function appointing(
  balancer: Balancer,
  strategy: Pick<Appointment, 'factory' | 'room'> | undefined,
): Change {
  if (strategy === undefined) return NO_CHANGE
  const candidate = balancer.strategies.prepare(strategy.factory, strategy.room)
  return {
    commit: () => balancer.useStrategy(candidate),
    cancel: () => balancer.strategies.drop(candidate),
  }
}

/** All of them, in order. If one cannot be made, those before it are cancelled, and what it threw is thrown. */
export function allOf(makers: readonly (() => Change)[]): Change {
  const made: Change[] = []
  const cancel = (): void => {
    for (const change of made) change.cancel()
  }
  try {
    for (const make of makers) made.push(make())
  } catch (error) {
    cancel()
    throw error
  }
  return {
    cancel,
    commit: () => {
      for (const change of made) change.commit()
    },
  }
}
