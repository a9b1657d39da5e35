import type { Claim } from '../../proxy/core/claims.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import type { Basic } from './finding.ts'

/** How many servers a strategy draws to take the least busy, and whether one may be drawn again. */
export interface Draws {
  readonly d: number
  readonly again: boolean
}

/** The strategy of proxy number `client`, from 0, of `clients` that share the servers out, where each wants `size` of them. */
export type Fleet = (client: number, clients: number, size: number) => StrategyFactory

/** A strategy that is to be judged. */
export interface Subject {
  readonly name: string
  readonly factory: StrategyFactory
  /** What it says of itself; see proxy/core/claims.ts. */
  readonly claims: readonly Claim[]
  /** Why it need not obey a law, by the law's id. */
  readonly excuses: Readonly<Record<string, string>>
  /** For the claim `capped`: the factor. */
  readonly cap?: number
  /** For the claim `choices`: how it draws; otherwise one way has to fit all that is seen. */
  readonly draws?: Draws
  /** For one that leaves servers to other proxies: those, each over a strategy that keeps to weight exactly. */
  readonly fleet?: Fleet
}

/** How thoroughly to look. The same trial over the same strategy comes to the same verdicts. */
export interface Trial {
  readonly seed: number
  /** Examples a property. */
  readonly runs: number
  /** Goes straight to the example that a `LawBroken` told of. */
  readonly path?: string
  /** Only whether it holds is asked: the first story that breaks it is as good as the shortest. */
  readonly anyStory?: boolean
}

/** What every strategy must obey, or every one that makes a certain claim. */
export interface Law {
  /** One word or a few, with hyphens: what excuses and reports call it. */
  readonly id: string
  /** A sentence that begins after "it": `picks one of the servers it was given`. */
  readonly title: string
  /** What goes wrong in the world where it is broken, and who was bitten. */
  readonly why: string
  /** The law that nothing else is asked after if it is broken. */
  readonly basic?: boolean
  /** It compares runs, or walks through all outcomes of the dice: it means nothing of one that breaks `replay`. */
  readonly repeats?: boolean
  concerns(subject: Subject): boolean
  /** Throws a `LawBroken`. */
  check(subject: Subject, trial: Trial): void
}

/** A law does not hold, and this is the shortest story that shows it. */
export class LawBroken extends Error {
  /** What should have been and what was: `picked "x", which is not one of a, b`. */
  readonly finding: string
  /** What happened, a line a step. */
  readonly story: readonly string[]
  /** Repeats it, with the seed of the trial: fast-check's path; empty where there is nothing random. */
  readonly path: string
  /** The basic rule that it is about, whichever law was tried. */
  readonly about: Basic | undefined

  constructor(finding: string, story: readonly string[], path = '', about?: Basic) {
    super(finding)
    this.name = 'LawBroken'
    this.about = about
    this.finding = finding
    this.story = story
    this.path = path
  }
}

export type Verdict =
  | { readonly law: Law; readonly result: 'holds' }
  | {
      readonly law: Law
      readonly result: 'broken'
      readonly error: LawBroken
      /** The law that was tried when it was found: asking for that one repeats it. Often the same. */
      readonly by: Law
    }
  | { readonly law: Law; readonly result: 'excused'; readonly reason: string }
