import type { Claim } from '../../proxy/core/claims.ts'

/** What is to be judged: one of the registry's, or a file. */
export interface Target {
  /** As the user wrote it. */
  readonly name: string
  /** An absolute path; undefined for one of the registry's. */
  readonly file: string | undefined
  /** Ids of those that it is held to; default: all that were asked for. */
  readonly laws?: readonly string[]
}

/** A law in words, as it travels from the process that judges. */
export interface ToldLaw {
  readonly id: string
  readonly title: string
  readonly why: string
  readonly basic: boolean
  /** It means nothing where no run can be repeated. */
  readonly repeats?: boolean
}

export interface ToldVerdict {
  readonly law: ToldLaw
  readonly result: 'holds' | 'broken' | 'excused'
  /** How long it took to find out, in milliseconds. */
  readonly time: number
  /** For one that is excused. */
  readonly reason?: string
  /** It is excused from what it obeys all the same. */
  readonly idle?: boolean
  /** For one that is broken: what was found, and where in the file, if that is known. */
  readonly finding?: string
  readonly place?: string
  readonly story?: readonly string[]
  /** The id of the law that was tried when it was found; otherwise its own. */
  readonly by?: string
}

/** All that is known of one strategy. */
export interface Judgement {
  readonly target: Target
  readonly verdicts: ToldVerdict[]
  /** Laws that were not tried, since a basic one is broken or somebody interrupted. */
  readonly untried: ToldLaw[]
  /** What a file does not claim, so that nobody asked whether it is so. */
  unclaimed: readonly Claim[]
  /** What is likely not what was meant. */
  doubts: readonly string[]
  /** Why the file cannot be judged at all. */
  unusable?: string
}

export interface Report {
  readonly seed: number
  readonly runs: number
  readonly judgements: readonly Judgement[]
  /** Whom nobody came to, because somebody interrupted. */
  readonly unreached: readonly string[]
  readonly interrupted: boolean
  /** Milliseconds. */
  readonly elapsed: number
}

/** What the process that judges says. */
export type Told =
  | {
      readonly type: 'laws'
      readonly laws: readonly ToldLaw[]
      readonly unclaimed: readonly Claim[]
      readonly doubts: readonly string[]
    }
  /** `excuse`: why it need not obey that law. */
  | { readonly type: 'trying'; readonly law: string; readonly excuse?: string }
  | { readonly type: 'verdict'; readonly verdict: ToldVerdict }
  | { readonly type: 'unusable'; readonly problem: string }

/** Nothing was tried, and nothing can be said. */
export function isEmpty({ unusable, untried, verdicts }: Judgement): boolean {
  return unusable === undefined && untried.length + verdicts.length === 0
}

export const NOTHING_ASKED = 'none of the laws that were asked for concerns it'

/** What was found, and where, if that is known. */
export function foundOf({ finding = '', place = '' }: ToldVerdict): string {
  return `${finding} ${place}`.trim()
}

/** `excused: standby by design`, and whether that was needed. */
export function excuseOf({ idle, reason = '' }: ToldVerdict): string {
  return idle === true ? `excused, but obeys it all the same: ${reason}` : `excused: ${reason}`
}

/** The report with nothing in it that a terminal would obey. */
export function harmless(report: Report): Report {
  const visible = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replaceAll(/(?![\t\n])\p{Cc}/gu, '\u{FFFD}') : value
  return JSON.parse(JSON.stringify(report, visible)) as Report
}

export function brokenOf({ verdicts }: Judgement): ToldVerdict[] {
  return verdicts.filter(({ result }) => result === 'broken')
}

/** The command that comes to the same again. */
export function repeat(
  { target }: Judgement,
  { law, by = law.id }: ToldVerdict,
  report: Report,
): string {
  const runs = report.runs === DEFAULT_RUNS ? '' : ` --runs ${report.runs}`
  return `npx evenkeel check ${quoted(target.name)} --law ${by} --seed ${report.seed}${runs}`
}

/** Examples a law: enough to find what is wrong in every run of a thousand with the bugs we know, and a matter of seconds. */
export const DEFAULT_RUNS = 100
export const DEFAULT_SEED = 1

/** As a shell takes it for one word. */
export function quoted(word: string): string {
  return /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** How many steps of a long story are told at its beginning and at its end, where it is decided. */
const [FIRST, LAST] = [5, 15]

/** The steps of its story, numbered; of a long one the middle is left out. */
export function stepsOf({ story = [] }: ToldVerdict): string[] {
  const width = String(story.length).length
  const steps = story.map((step, i) => `${String(i + 1).padStart(width)}. ${step}`)
  const left = steps.length - FIRST - LAST
  if (left <= 1) return steps
  const middle = `${' '.repeat(width)}  … ${left.toLocaleString('en')} more (--format json has all)`
  return [...steps.slice(0, FIRST), middle, ...steps.slice(-LAST)]
}
