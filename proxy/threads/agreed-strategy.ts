import type { StrategyFactory } from '../core/strategy.ts'
import { StrategyFileError } from '../strategy-file.ts'
import { type Choice, GO_ON, loadChoice, ROUND_ROBIN, trusted } from '../strategy-choice.ts'
import type { WorkerData } from './messages.ts'
import { bytesFor } from './shared-memory.ts'

/**
 * The strategy that the threads have agreed on at the start. A file is read by each of them, and a thread that takes the place of one
 * that crashed reads it later: it may have been edited meanwhile, be gone, or ask for other arrays of the memory that is shared.
 * Then the thread begins with round robin, whose arrays are there already as the fallback's, and `onGiveWay` hears why.
 */
export async function agreedStrategy(
  data: Pick<WorkerData, 'settings' | 'buffer' | 'threads' | 'print' | 'gaveWay'>,
  onGiveWay: (message: string) => void,
): Promise<StrategyFactory> {
  const { buffer, gaveWay, print, settings, threads } = data
  if (gaveWay) return ROUND_ROBIN.factory
  let why: string
  try {
    const choice = await loadChoice(settings.strategy)
    const strategy = trusted(choice, ROUND_ROBIN, onGiveWay)
    const wrong = faultOf(choice, print) ?? misfit(bytesFor(settings, strategy, threads), buffer)
    if (wrong === undefined) return strategy
    why = `${choice.name} ${wrong}`
  } catch (error) {
    why = error instanceof StrategyFileError ? error.message : String(error)
  }
  onGiveWay(`${why}: to use it, start the proxy anew. ${GO_ON} ${ROUND_ROBIN.name}`)
  return ROUND_ROBIN.factory
}

function faultOf(choice: Choice, print: string | undefined): string | undefined {
  return choice.print === print ? undefined : 'has changed since the proxy was started'
}

function misfit(bytes: number, { byteLength }: SharedArrayBuffer): string | undefined {
  return bytes === byteLength
    ? undefined
    : `asks for other memory than at the start (${bytes} bytes, not ${byteLength})`
}
