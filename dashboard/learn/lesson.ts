import type { ComponentChildren } from 'preact'
import type { StrategySpec } from '../../proxy/strategies/index.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Interval } from '../../simulator/statistics/interval.ts'
import type { Replication } from '../../simulator/study/replication.ts'

/** One thing that is measured: a strategy in a scenario. */
export interface Case {
  readonly id: string
  /** As sentences call it: "least connections". */
  readonly label: string
  /** What it does, for who has never heard of it. */
  readonly does?: string
  readonly scenario: Scenario
  readonly strategy: StrategySpec
  /** Instead of the strategy: servers by place, again and again. */
  readonly order?: readonly number[]
}

/** The figure that a lesson is about. */
export interface Measure {
  /** "share of requests sent to the broken server" */
  readonly title: string
  readonly unit: Unit
  readonly of: (run: Replication) => number
}

/** `share` is told as per cent, `time` in ms or s, `count` as it is. */
export type Unit = 'share' | 'time' | 'count'

export interface Figure extends Interval {
  /** Of each replication, all cases under the same seeds. */
  readonly values: readonly number[]
}

/** What was found out, by the id of the case. */
export type Found = Readonly<Record<string, Figure>>

interface AskBase {
  readonly prompt: string
}

/** Put the cases in order, the one with most first. */
export interface AskRank extends AskBase {
  readonly kind: 'rank'
  /** "sends it most" … "sends it least" */
  readonly ends: readonly [most: string, least: string]
  /** Ids, as they lie at first: not in the right order. */
  readonly cases: readonly string[]
  /** What a case did, with its figure: "sent 69 % to the broken one" */
  readonly did: (figure: string) => string
}

/** Draw a bar for each case. */
export interface AskBars extends AskBase {
  readonly kind: 'bars'
  readonly cases: readonly string[]
  /** What is told beforehand, by id. */
  readonly given?: string
  /** Where the axis ends, and where bars begin. */
  readonly top: number
  readonly start: number
  /** Bars move by so much. */
  readonly step: number
  readonly mark?: { readonly at: number; readonly label: string }
}

/** Draw a curve, a point for each case, on a logarithmic axis. */
export interface AskCurve extends AskBase {
  readonly kind: 'curve'
  readonly x: string
  readonly points: readonly { readonly id: string; readonly label: string }[]
  readonly range: readonly [low: number, high: number]
  readonly start: number
  /** Its name, and the other curves: one known beforehand, others shown with the answer. Ids of cases, point by point. */
  readonly name: string
  readonly given: { readonly name: string; readonly ids: readonly string[] }
  readonly later: { readonly name: string; readonly ids: readonly string[] }
}

/** Choose one. */
export interface AskChoice extends AskBase {
  readonly kind: 'choice'
  readonly options: readonly string[]
  /** Which is right; `undefined` where the numbers cannot tell. */
  readonly right: (found: Found) => number | undefined
  readonly cases: readonly string[]
}

/** Lay servers in the order in which they get requests. */
export interface AskDeal extends AskBase {
  readonly kind: 'deal'
  readonly start: readonly number[]
  readonly names: readonly string[]
  readonly cases: readonly string[]
}

export type Ask = AskRank | AskBars | AskCurve | AskChoice | AskDeal

/** What a reader said: ids in order, values, the place of an option, or servers in order. */
export type Guess =
  | { readonly kind: 'rank'; readonly order: readonly string[] }
  | { readonly kind: 'bars' | 'curve'; readonly values: readonly number[] }
  | { readonly kind: 'choice'; readonly option: number }
  | { readonly kind: 'deal'; readonly order: readonly number[] }

/** What is to be watched beside the text: a run in slow motion. */
export interface Show {
  readonly lanes: readonly {
    readonly label: string
    readonly scenario: Scenario
    readonly strategy: StrategySpec
  }[]
  /** In virtual milliseconds: from when, until when, and how many in a second of the reader's. */
  readonly from: number
  readonly until: number
  readonly pace: number
  /** How long a request takes that does not wait, in milliseconds: by that, dots are new or old. */
  readonly unit: number
  /** What to look for. */
  readonly caption: string
}

export interface Lesson {
  /** Its address: `#black-hole`. */
  readonly slug: string
  readonly title: string
  /** The question, as the list of lessons asks it. */
  readonly question: string
  readonly minutes: number
  readonly opening: ComponentChildren
  readonly cases: readonly Case[]
  readonly measure: Measure
  /** Replications of each case. */
  readonly reps: number
  readonly ask: Ask
  readonly show: Show
  /** Why it is so. */
  readonly why: (found: Found) => ComponentChildren
  readonly remember: string
  readonly source: ComponentChildren
  /** What the Lab opens with; strategies by their names. */
  readonly lab: { readonly scenario: Scenario; readonly strategies: readonly string[] }
}
