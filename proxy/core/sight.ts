import type { Eligibility } from './eligibility.ts'
import type { Endpoint } from './endpoint.ts'
import type { Excluded, Exclusions } from './exclusions.ts'
import { leastBusy } from './least-busy.ts'
import type { Rng } from './rng.ts'
import type { Roster } from './roster.ts'
import type { Strategy } from './strategy.ts'

/** `Words.ties` of a strategy whose scores are all different. */
export const NO_TIES = 'there are none'

/** How a strategy chooses, in words that stay the same while it does. */
export interface Words {
  /** Whose words they are: of a strategy around another one, the one inside. */
  readonly strategy: string
  /** What the score of a server is. */
  readonly score: string
  /** Which score is taken; `drawn`: none, it is for the dice to say. */
  readonly best: 'lowest' | 'highest' | 'drawn'
  /** Who is taken of those with the same score. */
  readonly ties: string
  /** What `Sight.facts` are, in their order. */
  readonly facts?: readonly string[]
}

/** What can be said of a server beside its score. */
export const MARKS = [
  '',
  'drawn',
  'tied',
  'cold',
  'hot',
  'over its cap',
  'home of the key',
  'home of the key, over its cap',
  'in the line of the idle',
  'no longer idle',
  'never heard of',
] as const

export const DRAWN = 1
export const TIED = 2
export const COLD = 3
export const HOT = 4
export const OVER_CAP = 5
export const HOME = 6
export const FULL_HOME = 7
export const IN_LINE = 8
export const STALE = 9
export const UNKNOWN = 10

/** How a decision came about. */
export const MANNERS = ['only', 'strategy', 'retry', 'elsewhere', 'sticky', 'nobody'] as const
export const ONLY = 0
const STRATEGY = 1
export const RETRY = 2
export const ELSEWHERE = 3
export const STICKY = 4
export const NOBODY_GOT_IT = 5

/**
 * From so many candidates on a look is brief: strategies that look at everybody do not write that down, and of the others only those
 * that they looked at are kept. To write down a thousand would cost more than to choose among them.
 */
const MANY = 32

const MOST_FACTS = 4
const RETRY_WORDS: Words = {
  strategy: 'retry',
  score: 'requests in flight / weight',
  best: 'lowest',
  ties: 'one of them at random, by weight',
}

/**
 * What is looked at for one decision, written down just before it is made; the next one overwrites it. Plain numbers by slot: to fill
 * it allocates nothing.
 *
 * Looking changes nothing. A strategy's `explain` reads what its `pick` would, moves no cursor, and looks at dice without using them
 * up (`Rng.ahead`).
 */
export class Sight {
  words: Words | undefined = undefined
  /** A place in `MANNERS`. */
  manner = ONLY
  /** The name of the strategy in office. */
  strategy = ''
  key = 0
  attempt = 0
  panic = false
  /** Everybody who may get the request, and how many have had their try. */
  candidates: readonly Endpoint[] = NOBODY
  tried: readonly Endpoint[] = NOBODY
  excluded: Excluded = NONE
  /** Who has got it. */
  server: Endpoint | undefined = undefined
  /** By slot: ids, as they are now. */
  names: readonly (string | undefined)[] = []
  /** Slots; -1: nobody. What it should come to, if `explain` knows it, and what it came to. */
  expected = -1
  chosen = -1
  /** See `MANY`. */
  brief = false
  /** Of the servers that were looked at: their slots. */
  readonly looked: Int32Array
  count = 0
  /** By slot. NaN: not scored. */
  readonly score: Float64Array
  readonly weight: Float64Array
  readonly inflight: Int32Array
  /** A place in `MARKS`. */
  readonly mark: Uint8Array
  /** What else matters; see `Words.facts`. */
  readonly facts = new Float64Array(MOST_FACTS)
  private readonly own: Endpoint[] = []
  private readonly inflights: Int32Array
  private readonly exclusions: Exclusions
  private readonly roster: Roster
  private readonly eligibility: Eligibility

  /** `inflights`: what strategies see as the requests in flight, by slot. */
  constructor(
    inflights: Int32Array,
    exclusions: Exclusions,
    roster: Roster,
    eligibility: Eligibility,
  ) {
    const slots = inflights.length
    this.inflights = inflights
    this.exclusions = exclusions
    this.roster = roster
    this.eligibility = eligibility
    this.looked = new Int32Array(slots)
    this.score = new Float64Array(slots)
    this.weight = new Float64Array(slots)
    this.inflight = new Int32Array(slots)
    this.mark = new Uint8Array(slots)
  }

  /** Looks at what the balancer is about to choose from. */
  look(
    candidates: readonly Endpoint[],
    strategy: Strategy,
    key: number,
    attempt: number,
    tried: readonly Endpoint[] = NOBODY,
    rng?: Rng,
  ): void {
    this.begin(candidates, strategy.name, key, attempt, tried)
    if (tried.length > 0 && this.lookAgain(candidates, tried, rng!)) return
    if (candidates.length === 1) {
      this.manner = ONLY
      this.expected = candidates[0].slot
      return
    }
    this.manner = STRATEGY
    strategy.explain?.(this, key, attempt)
  }

  private begin(
    candidates: readonly Endpoint[],
    strategy: string,
    key: number,
    attempt: number,
    tried: readonly Endpoint[],
  ): void {
    this.words = undefined
    this.strategy = strategy
    this.key = key
    this.attempt = attempt
    this.candidates = candidates
    this.tried = tried
    this.expected = -1
    this.count = 0
    this.brief = candidates.length >= MANY
    this.facts.fill(NaN)
    if (!this.brief) {
      const { inflight, inflights, mark, score, weight } = this
      for (let i = 0; i < candidates.length; i++) {
        const server = candidates[i]
        const { slot } = server
        inflight[slot] = inflights[slot]
        weight[slot] = server.weight
        score[slot] = NaN
        mark[slot] = 0
      }
    }
  }

  /** This one is looked at; with the weight that the strategy sees. Its score is to be written into `score`. */
  see(server: Endpoint, mark = 0): void {
    const { slot } = server
    this.weight[slot] = server.weight
    this.inflight[slot] = this.inflights[slot]
    this.mark[slot] = mark
    if (this.count < this.looked.length) this.looked[this.count++] = slot
  }

  /** Whoever has the same score as that one, if anybody has. */
  markTied({ slot }: Endpoint, mark: number): void {
    const { count, looked, score } = this
    let others = 0
    for (let i = 0; i < count; i++) if (score[looked[i]] === score[slot]) others++
    if (others < 2) return
    for (let i = 0; i < count; i++)
      if (score[looked[i]] === score[slot]) this.mark[looked[i]] = mark
  }

  /** Another thread took the last place of the one that was chosen. */
  missed(): void {
    this.manner = ELSEWHERE
  }

  /** That one has got it. */
  chose(server: Endpoint): void {
    this.server = server
    this.chosen = server.slot
    this.note()
  }

  private note(): void {
    this.panic = this.eligibility.heed === 'none'
    this.excluded = this.exclusions.now
    this.names = this.roster.names
  }

  /** Nobody has got it. */
  turnedAway(
    candidates: readonly Endpoint[],
    strategy: string,
    key: number,
    attempt: number,
    tried: readonly Endpoint[] = NOBODY,
  ): void {
    this.begin(candidates, strategy, key, attempt, tried)
    this.manner = NOBODY_GOT_IT
    this.server = undefined
    this.chosen = -1
    this.note()
  }

  /** That one has got it, since its session is there; nobody was asked. */
  stayed(server: Endpoint, attempt: number): void {
    const { slot } = server
    this.own[0] = server
    this.begin(this.own, 'sticky', 0, attempt, NOBODY)
    this.inflight[slot]--
    this.manner = STICKY
    this.expected = slot
    this.chose(server)
  }

  /** Somebody else's words that cannot be had. */
  forget(): void {
    this.words = undefined
    this.expected = -1
    this.count = 0
  }

  /** A second try: see `leastBusy`. False: all have had theirs. */
  private lookAgain(
    candidates: readonly Endpoint[],
    tried: readonly Endpoint[],
    rng: Rng,
  ): boolean {
    const server = leastBusy(candidates, tried, rng.ahead())
    if (server === undefined) return false
    this.manner = RETRY
    this.words = RETRY_WORDS
    this.expected = server.slot
    if (this.brief) return true
    for (const each of candidates) {
      if (tried.includes(each)) continue
      this.see(each)
      this.score[each.slot] = each.inflight / each.weight
    }
    return true
  }
}

const NOBODY: readonly Endpoint[] = []
const NONE: Excluded = { slots: new Int32Array(0), reasons: new Uint8Array(0) }
