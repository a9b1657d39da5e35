import type { Law } from '../../test/laws/law.ts'
import { LAWS } from '../../test/laws/judge.ts'
import { silence } from './silence.ts'
import type { ToldLaw } from './verdicts.ts'

/** The kit's, and the one that only Node can tell. */
export const CHECKED_LAWS: readonly Law[] = [...LAWS, silence]

export function toldLaw({ basic = false, id, title, why }: Law): ToldLaw {
  return { basic, id, title, why }
}
