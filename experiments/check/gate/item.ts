import { plural } from '../../../simulator/format.ts'
import type { Report } from '../verdicts.ts'

export type Verdict = 'pass' | 'fail' | 'undecided' | 'skipped'

/** One thing that was asked of one strategy in one scenario, and what came of it. */
export interface Item {
  /** `p99 < 250ms` */
  readonly what: string
  readonly verdict: Verdict
  /** What was found: `105 ms (98.2–112)`. */
  readonly seen: string
  /** What it needs to be decided, or why it was not asked. */
  readonly hint?: string
  /** How many more replications would probably decide. */
  readonly more?: number
  /** The figures, for programs. */
  readonly value?: number
  readonly low?: number
  readonly high?: number
  /** The command that comes to the same again. */
  readonly repeat: string
}

/** One strategy in one scenario. */
interface Standing {
  readonly strategy: string
  readonly items: readonly Item[]
}

/** One scenario with its strategies. */
export interface Part {
  readonly name: string
  /** In words: servers, arrivals, work, load. */
  readonly words: readonly string[]
  readonly notes: readonly string[]
  readonly seed: number
  readonly reps: number
  /** With real sockets, each foretold as well, and not in virtual time. */
  readonly real: boolean
  /** Milliseconds. */
  readonly warmup: number
  readonly standings: readonly Standing[]
}

/** All that a gate file came to. */
export interface Outcome {
  readonly file: string
  /** Undefined where nobody asked. */
  readonly laws: Report | undefined
  readonly parts: readonly Part[]
  /** Scenarios that nobody came to, because somebody interrupted. */
  readonly unreached: readonly string[]
  readonly falseAlarm: number
  /** How many things are judged by intervals, all of them together. */
  readonly judged: number
  /** Of each interval. */
  readonly confidence: number
  /** `main.json of version 0.1.0`; undefined if nobody asked. */
  readonly baseline: string | undefined
  readonly interrupted: boolean
  /** Milliseconds. */
  readonly elapsed: number
}

/** `10 replications` */
export function runsText({ real, reps }: Part): string {
  return real ? `${plural(reps, 'run')} with real sockets` : plural(reps, 'replication')
}

export function itemsOf({ parts }: Pick<Outcome, 'parts'>): Item[] {
  return parts.flatMap(({ standings }) => standings.flatMap(({ items }) => items))
}
