import type { StrategyFactory } from '../core/strategy.ts'
import { StrategyFileError } from '../strategy-file.ts'
import { type Choice, GO_ON, loadChoice, nameOf, strategyOf, trusted } from '../strategy-choice.ts'
import type { Office } from './messages.ts'
import { roomFor } from './shared-memory.ts'

/**
 * The strategy that the threads have agreed on. A file is read by each of them, and a thread that takes the place of one that crashed
 * reads it later: it may have been edited meanwhile, be gone, or ask for other arrays of the memory that is shared. Then the
 * thread begins with the fallback, whose arrays are there already, and `onGiveWay` hears why.
 */
export async function agreedStrategy(
  office: Office,
  threads: number,
  onGiveWay: (message: string) => void,
): Promise<StrategyFactory> {
  const fallback = fallbackOf(office)
  if (office.gaveWay) return fallback.factory
  try {
    return await wantedStrategy(office, threads, onGiveWay)
  } catch (error) {
    const why = error instanceof StrategyFileError ? error.message : String(error)
    onGiveWay(`${why}: to use it, have the configuration read again. ${GO_ON} ${fallback.name}`)
    return fallback.factory
  }
}

/** The same for threads that have not agreed yet. Throws a `StrategyFileError` if this one cannot do as the others. */
export async function wantedStrategy(
  office: Office,
  threads: number,
  onGiveWay: (message: string) => void,
): Promise<StrategyFactory> {
  const choice = await loadChoice(office.settings)
  if (choice.print !== office.print) {
    throw new StrategyFileError(`${choice.name} has changed since it was chosen`)
  }
  const strategy = trusted(choice, fallbackOf(office), onGiveWay)
  const bytes = roomFor(strategy, threads)
  const { byteLength } = office.room
  if (bytes === byteLength) return strategy
  const problem = `asks for other memory than when it was chosen (${bytes} bytes, not ${byteLength})`
  throw new StrategyFileError(`${choice.name} ${problem}`)
}

function fallbackOf({ fallback }: Office): Choice {
  return { name: nameOf(fallback), settings: fallback, factory: strategyOf(fallback) }
}
