/** Run by strategy-rehearsal.ts in a process of its own. */
import { tryOut } from './core/trial.ts'
import { type Notes, watched } from './core/watched.ts'
import type { StrategyFactory } from './core/strategy.ts'
import { litterOf } from './strategy-litter.ts'
import { loadStrategyFile, StrategyFileError } from './strategy-file.ts'
import { placeOf } from './strategy-module.ts'
import type { Rehearsal, Rehearsed } from './strategy-rehearsal.ts'
import { warded } from './strategy-ward.ts'

async function rehearsed(
  { file, options, servers }: Rehearsal,
  notes: Notes,
  tell: (rehearsed: Rehearsed) => void,
): Promise<void> {
  notes.beginLoading()
  try {
    const strategy = await loadStrategyFile(file, options, () => notes.beginMaking())
    notes.end()
    const fault = tryOut(watched(strategy, notes), 1, servers)
    if (fault !== undefined) {
      const { error, ...told } = fault
      return tell({ fault: { ...told, place: placeOf(error, file) } })
    }
    tell({ fine: true })
    tell({ litter: litter(strategy, notes) })
  } catch (error) {
    if (error instanceof StrategyFileError) return tell({ unusable: error.message })
    throw error
  } finally {
    notes.end()
  }
}

/** Whoever breaks so late has been found fine: this is about garbage only. */
function litter(strategy: StrategyFactory, notes: Notes): number {
  try {
    return litterOf(watched(strategy, notes))
  } catch {
    return 0
  }
}

await warded((file, notes, tell) => rehearsed(file as Rehearsal, notes, tell))
