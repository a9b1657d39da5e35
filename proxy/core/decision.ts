import type { Endpoint } from './endpoint.ts'
import { EXCLUSIONS, type Excluded, type Exclusion } from './exclusions.ts'
import {
  ELSEWHERE,
  MANNERS,
  MARKS,
  NO_TIES,
  NOBODY_GOT_IT,
  ONLY,
  RETRY,
  STICKY,
  type Sight,
  type Words,
} from './sight.ts'

/** Numbers of a candidate, in `cells`. */
const SLOT = 0
const INFLIGHT = 1
const WEIGHT = 2
const SCORE = 3
const MARK = 4
const WIDTH = 5
/** So many candidates of a decision are kept, and so many servers that had had their try. */
const MOST_CANDIDATES = 32
const MOST_TRIED = 8
const MOST_FACTS = 4

/** A decision in words and numbers: plain data. */
export interface Explanation {
  /** Whose turn it was to choose, and, of a strategy around another one, the one inside; null: it was not for a strategy to say. */
  strategy: string
  by: string | null
  manner: (typeof MANNERS)[number]
  /** In a sentence. */
  why: string
  /** The affinity hash, from 0 up, and which try of the request it was, from 0. */
  key: number
  attempt: number
  /** Health was ignored, since so few were well. */
  panic: boolean
  /** Null: nobody got it. */
  chosen: string | null
  score: { meaning: string; best: Words['best']; ties: string } | null
  facts: Record<string, number | null>
  candidates: Candidate[]
  /** Those who could have got it, and are not among `candidates`: of large pools only those that were looked at are kept. */
  notKept: number
  excluded: { server: string; reason: Exclusion }[]
}

export interface Candidate {
  server: string
  /** When it was decided, without this one. */
  inFlight: number
  /** As the strategy saw it. */
  weight: number
  /** Null: it was not looked at. */
  score: number | null
  mark: string | null
  chosen: boolean
}

/** What `Sight` saw of one decision, to keep: as few numbers as tell all of it. Filled again and again it allocates nothing. */
export class Decision {
  private words: Words | undefined = undefined
  private manner = ONLY
  private strategy = ''
  private key = 0
  private attempt = 0
  private panic = false
  private chosen = -1
  private pool = 0
  private count = 0
  private triedCount = 0
  private excluded: Excluded | undefined = undefined
  private names: Sight['names'] = []
  private cells = new Float64Array(4 * WIDTH)
  private readonly facts = new Float64Array(MOST_FACTS)
  private readonly tried = new Int32Array(MOST_TRIED)

  /** Once it has been decided. */
  keep(sight: Sight): void {
    this.words = sight.words
    this.manner = sight.manner
    this.strategy = sight.strategy
    this.key = sight.key
    this.attempt = sight.attempt
    this.panic = sight.panic
    this.chosen = sight.chosen
    this.pool = sight.candidates.length
    this.excluded = sight.excluded
    this.names = sight.names
    this.facts.set(sight.facts)
    this.count = 0
    if (sight.brief) for (let i = 0; i < sight.count; i++) this.add(sight, sight.looked[i])
    else this.addAll(sight)
    if (sight.brief && sight.server !== undefined && !this.has(sight.chosen)) {
      this.addChosen(sight, sight.server)
    }
    this.triedCount = Math.min(sight.tried.length, MOST_TRIED)
    for (let i = 0; i < this.triedCount; i++) this.tried[i] = sight.tried[i].slot
  }

  get explanation(): Explanation {
    const { count, names, pool, strategy, words } = this
    const own = words === undefined || words.strategy === strategy
    return {
      strategy,
      by: own || this.manner !== 1 ? null : words.strategy,
      manner: MANNERS[this.manner],
      why: this.why,
      key: this.key >>> 0,
      attempt: this.attempt,
      panic: this.panic,
      chosen: this.chosen < 0 ? null : nameOf(names[this.chosen]),
      score:
        words === undefined ? null : { meaning: words.score, best: words.best, ties: words.ties },
      facts: Object.fromEntries(
        (words?.facts ?? []).map((name, i) => [name, numberOrNull(this.facts[i])]),
      ),
      candidates: Array.from({ length: count }, (_, i) => this.candidateAt(i * WIDTH)),
      notKept: Math.max(0, pool - count),
      excluded: this.excludedNow,
    }
  }

  private get why(): string {
    const { manner, words } = this
    if (manner === ONLY) return 'the only server that could get it'
    if (manner === RETRY) return 'a second try goes to the least busy of those not tried yet'
    if (manner === STICKY) return 'its session is there'
    if (manner === NOBODY_GOT_IT) return 'nobody could get it: see who is excluded, and why'
    if (manner === ELSEWHERE) {
      return 'another thread took the last place of the one that was picked: the least busy with room'
    }
    if (words === undefined) return 'the strategy does not say'
    if (words.best === 'drawn') return words.ties
    if (words.ties === NO_TIES) return `the ${words.best} score`
    return `the ${words.best} score; of those who tie ${words.ties}`
  }

  private get excludedNow(): Explanation['excluded'] {
    const { excluded, names, tried, triedCount } = this
    const list: Explanation['excluded'] = []
    excluded?.slots.forEach((slot, i) => {
      const reason = EXCLUSIONS[excluded.reasons[i]] as Exclusion
      // A second try does not ask the strategy, and is not bound to its subset.
      if (reason !== 'subset' || this.manner === 1)
        list.push({ server: nameOf(names[slot]), reason })
    })
    for (const slot of tried.subarray(0, triedCount)) {
      if (slot !== this.chosen) list.push({ server: nameOf(names[slot]), reason: 'tried' })
    }
    return list
  }

  private candidateAt(at: number): Candidate {
    const { cells, chosen, names } = this
    const slot = cells[at + SLOT]
    return {
      server: nameOf(names[slot]),
      inFlight: cells[at + INFLIGHT],
      weight: cells[at + WEIGHT],
      score: numberOrNull(cells[at + SCORE]),
      mark: MARKS[cells[at + MARK]] || null,
      chosen: slot === chosen,
    }
  }

  private has(slot: number): boolean {
    for (let i = 0; i < this.count; i++) if (this.cells[i * WIDTH] === slot) return true
    return false
  }

  private add(sight: Sight, slot: number): void {
    if (this.count === MOST_CANDIDATES || this.has(slot)) return
    const at = this.count++ * WIDTH
    this.reach(this.count)
    const { cells } = this
    cells[at + SLOT] = slot
    cells[at + INFLIGHT] = sight.inflight[slot]
    cells[at + WEIGHT] = sight.weight[slot]
    cells[at + SCORE] = sight.score[slot]
    cells[at + MARK] = sight.mark[slot]
  }

  /** Of a large pool, where nobody has written it down. It counts this request already. */
  private addChosen(sight: Sight, server: Endpoint): void {
    if (this.count === MOST_CANDIDATES) this.count--
    const { slot } = server
    sight.inflight[slot] = server.inflight - 1
    sight.weight[slot] = server.weight
    sight.score[slot] = NaN
    sight.mark[slot] = 0
    this.add(sight, slot)
  }

  private addAll(sight: Sight): void {
    const { candidates, inflight, mark, score, weight } = sight
    const count = candidates.length
    this.count = count
    this.reach(count)
    const { cells } = this
    for (let i = 0, at = 0; i < count; i++, at += WIDTH) {
      const { slot } = candidates[i]
      cells[at] = slot
      cells[at + INFLIGHT] = inflight[slot]
      cells[at + WEIGHT] = weight[slot]
      cells[at + SCORE] = score[slot]
      cells[at + MARK] = mark[slot]
    }
  }

  /** Makes room for so many. */
  private reach(count: number): void {
    const { cells } = this
    if (count * WIDTH <= cells.length) return
    this.cells = new Float64Array(Math.max(count * WIDTH, 2 * cells.length))
    this.cells.set(cells)
  }
}

function nameOf(name: string | undefined): string {
  return name ?? 'a server that was removed'
}

/** NaN and the infinities are not JSON. */
function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
