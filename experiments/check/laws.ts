import { LAWS } from '../../test/laws/judge.ts'
import type { Law } from '../../test/laws/law.ts'
import { silence } from '../../test/laws/silence.ts'
import type { ToldLaw } from './verdicts.ts'

/** Those that can be tried one after the other, and then the one that wants a process of its own. */
export const CHECKED_LAWS: readonly Law[] = [...LAWS, silence]
export const ALONE = silence.id

export function toldLaw({ basic = false, id, title, why }: Law): ToldLaw {
  return { basic, id, title, why }
}
