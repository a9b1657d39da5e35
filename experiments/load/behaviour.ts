import type { Rng } from '../../proxy/core/rng.ts'
import type { DistributionSpec } from '../../simulator/distributions.ts'
import type { Reply } from './reply.ts'

/**
 * What users do, as a Locust file says it, but typed: the default export of a file.
 *
 *     export default { users: [{ name: 'reader', steps: [{ name: 'home', path: '/' }] }] } satisfies Behaviour
 */
export interface Behaviour {
  /** Kinds of users. */
  readonly users: readonly UserKind[]
}

export interface UserKind {
  readonly name: string
  /** How many of them there are among all, in proportion. Default 1. */
  readonly weight?: number
  /** Between an answer and the next request: `'500ms'`, or a distribution as in scenarios. Default: no time, or what `--think` says. An open model has no use for it. */
  readonly think?: ThinkTime
  /** `drawn`: each step at random, by its weight. `listed`: one after the other, and again from the first. Default `drawn`. */
  readonly order?: 'drawn' | 'listed'
  readonly steps: readonly Step[]
}

/** Milliseconds, a text with a unit, or a distribution of milliseconds. */
export type ThinkTime = number | string | DistributionSpec

/** A request, and what is expected of its answer. What depends on the visitor is a function of him. */
export interface Step {
  /** Under which answers are booked. Several steps may have one name. */
  readonly name: string
  /** How likely it is, in proportion; not where steps are in turn. Default 1. */
  readonly weight?: number
  /** Default `GET`. */
  readonly method?: string
  readonly path: string | ((visitor: Visitor) => string)
  readonly headers?: Headers | ((visitor: Visitor) => Headers)
  readonly body?: string | ((visitor: Visitor) => string)
  /** In place of the user's: after this step. */
  readonly think?: ThinkTime
  /** Each is counted under its name as passed or failed; one that throws has failed. */
  readonly checks?: Readonly<Record<string, Check>>
  /** Gets the whole answer, to keep something of it in the visitor's memory. */
  readonly keep?: (answer: Reply, visitor: Visitor) => void
}

type Headers = Readonly<Record<string, string>>
type Check = (answer: Reply, visitor: Visitor) => boolean

/** One user. */
export interface Visitor {
  /** `reader-17`; sent as `x-client`. */
  readonly id: string
  /** Of all, from 0 on. */
  readonly number: number
  /** Dice of his own: the same seed gives the same visits. */
  readonly rng: Rng
  /** What he remembers from one step to the next: a token, the number of an order. */
  readonly memory: Record<string, unknown>
}
