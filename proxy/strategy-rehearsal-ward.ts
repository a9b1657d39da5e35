/** Run by strategy-rehearsal.ts in a process of its own. */
import { tryOut } from './core/trial.ts'
import { type Notes, watched } from './core/watched.ts'
import type { StrategyFile } from './settings.ts'
import { loadStrategyFile, StrategyFileError } from './strategy-file.ts'
import { placeOf } from './strategy-module.ts'
import type { Rehearsed } from './strategy-rehearsal.ts'
import { warded } from './strategy-ward.ts'

async function rehearsed({ file, options }: StrategyFile, notes: Notes): Promise<Rehearsed> {
  notes.beginLoading()
  try {
    const strategy = await loadStrategyFile(file, options)
    notes.end()
    const fault = tryOut(watched(strategy, notes))
    if (fault === undefined) return { fine: true }
    const { error, ...told } = fault
    return { fault: { ...told, place: placeOf(error, file) } }
  } catch (error) {
    if (error instanceof StrategyFileError) return { unusable: error.message }
    throw error
  } finally {
    notes.end()
  }
}

await warded(async (file, notes, tell) => tell(await rehearsed(file as StrategyFile, notes)))
