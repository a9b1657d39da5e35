import type { StrategyFault } from './core/guarded.ts'
import type { Expected } from './core/trial.ts'
import type { StrategyFile } from './settings.ts'
import { shownPath, StrategyFileError } from './strategy-file.ts'
import { type End, Warden } from './strategy-warden.ts'

const PROGRAM = new URL('strategy-rehearsal-ward.ts', import.meta.url)

/** How long a verb may take, in milliseconds of its process's own, and all of it. It takes some hundredths of a second if all is well. */
const PATIENCE = 2000
const LIMIT = 15_000

/** What was found, piece by piece: that all is well, why the file cannot be used, or the first fault of its strategy. */
export interface Rehearsed {
  readonly fine?: true
  /** Bytes that a pick allocates, if those are many. */
  readonly litter?: number
  readonly unusable?: string
  readonly fault?: Omit<StrategyFault, 'error'> & { readonly place: string }
}

/** What is to be tried, with the servers that it is meant for. */
export interface Rehearsal extends StrategyFile {
  readonly servers: readonly Expected[]
}

/**
 * Tries a file of the user's before requests depend on it: in another process, because it may never come back. Throws a
 * `StrategyFileError`; gives what is to be borne, but not to be liked, in words.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<string[]> {
  const { file } = rehearsal
  let heard: Rehearsed = {}
  const warden = new Warden({
    program: PROGRAM,
    data: rehearsal,
    patience: PATIENCE,
    limit: LIMIT,
    onMessage: (message) => (heard = { ...heard, ...(message as Rehearsed) }),
  })
  const end = await warden.ended
  if (heard.unusable !== undefined) throw new StrategyFileError(heard.unusable)
  // A promise of its own that nobody heard of may have ended it after all was told to be fine.
  if (heard.fine === true && end.how === 'done') {
    const { litter = 0 } = heard
    if (litter === 0) return []
    const bytes = `allocates about ${Math.round(litter)} bytes a pick`
    return [`${shownPath(file)} ${bytes}: requests wait while they are collected`]
  }
  const { fault } = heard
  const broken = fault === undefined ? brokenBy(end) : wordsOf(fault)
  throw new StrategyFileError(`${shownPath(file)} ${broken}`)
}

/** The laws that a proxy cannot do without, by what breaks them. */
const LAWS = {
  picked: 'it picks one of the servers it was given last',
  threw: 'it never throws, whatever the key and the load',
  stuck: 'it always comes back',
  promised: 'its work is done when it comes back: no verb is async',
  changed: 'it only reads what it is shown',
}

/** `breaks the law "it never throws": pick threw Error: no (my-strategy.ts:3:7)` */
export function wordsOf({ verb, kind, problem, place }: NonNullable<Rehearsed['fault']>): string {
  return `breaks the law "${LAWS[kind]}": ${verb} ${problem} ${place}`.trimEnd()
}

function brokenBy(end: End): string {
  const seconds = `${PATIENCE / 1000} s`
  if (end.how === 'stuck' && end.verb === 'load') return 'does not come back from being loaded'
  if (end.how === 'stuck' && end.verb === '')
    return 'has spoilt what it was shown: what goes on between its verbs does not come back'
  if (end.how === 'stuck')
    return `breaks the law "${LAWS.stuck}": ${end.verb} did not within ${seconds}`
  if (end.how === 'late')
    return `is too slow: a rehearsal of a few thousand picks took more than ${LIMIT / 1000} s`
  if (end.how === 'hungry')
    return `takes more than ${end.most} MiB of memory in a rehearsal of a few thousand picks`
  return `could not be tried: ${end.how === 'crashed' ? end.problem : 'it ended without a word'}`
}
