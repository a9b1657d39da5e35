import { LAWS } from '../../test/laws/judge.ts'
import type { Law } from '../../test/laws/law.ts'
import { silence } from '../../test/laws/silence.ts'
import { replay } from '../../test/laws/universal/replay.ts'
import type { ToldLaw } from './verdicts.ts'

/** Those that can be tried one after the other, and then the one that wants a process of its own. */
export const CHECKED_LAWS: readonly Law[] = [...LAWS, silence]
export const ALONE = silence.id

/** Where it is broken, the laws that compare runs are left out. */
export const REPLAY = replay.id

export function toldLaw({ basic = false, id, repeats = false, title, why }: Law): ToldLaw {
  return { basic, id, repeats, title, why }
}
