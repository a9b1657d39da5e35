import { log } from '../../proxy/core/logarithm.ts'
import { demandsOf, type Manner } from './demands.ts'
import { likelihoodOf } from './likelihood.ts'
import type { Visits } from './visits.ts'

/** How one server works. */
export interface FoundManner extends Manner {
  /** Numbers of workers that explain its ends hardly worse: from the least to the most. */
  readonly least: number
  readonly most: number
  /** It was never busy enough to say: taken to be like the others. */
  readonly assumed: boolean
}

export interface FoundManners {
  readonly discipline: 'fifo' | 'sharing' | 'infinite'
  readonly servers: readonly FoundManner[]
  /** How much better than the next best discipline, as a logarithm of the likelihood; below 3 it could as well be that one. */
  readonly margin: number
  readonly next: 'fifo' | 'sharing' | 'infinite'
}

/** More than so many visits a server tell no more of its manner. */
const ENOUGH = 20_000
/** Fewer visits say nothing. */
export const FEWEST = 50
/** A manner is as good as another that is no further off than this: a factor of 20. */
const AS_GOOD = 3

type Counted = 'fifo' | 'sharing'

/** Logarithms of the likelihood, by number of workers, of one server. `Infinity` is the first. */
type Scores = ReadonlyMap<number, number>

interface Explanation {
  readonly discipline: FoundManners['discipline']
  readonly score: number
  readonly servers: readonly FoundManner[]
}

/** Finds what fits when things left their servers: the same discipline for all, and to each its number of workers. */
export function mannersOf(all: readonly Visits[], blur: number): FoundManners {
  const cut = all.map(latest)
  const counted = (['fifo', 'sharing'] as const).map((discipline) => {
    const scores = cut.map((visits) => scoresOf(visits, discipline, blur))
    return explained(scores, discipline, cut)
  })
  const free = counted[0].endless
  const infinite: Explanation = { discipline: 'infinite', score: free, servers: all.map(endless) }
  // Where nobody ever waited, there is no discipline at all.
  const limited = counted.filter(({ servers }) => servers.some((each) => each.workers < Infinity))
  const [first, second = infinite] = [infinite, ...limited].toSorted((a, b) => b.score - a.score)
  return {
    discipline: first.discipline,
    servers: first.servers,
    margin: first === second ? Infinity : first.score - second.score,
    next: second.discipline,
  }
}

function endless(): FoundManner {
  const workers = Infinity
  return { discipline: 'fifo', workers, least: workers, most: workers, assumed: false }
}

/**
 * One number for all if that explains a server's ends as well as a number of its own: a pool is mostly of one kind. Who never had enough to do is
 * explained by any number, and so works like the others.
 */
function explained(
  scores: readonly Scores[],
  discipline: Counted,
  all: readonly Visits[],
): Explanation & { readonly endless: number } {
  const visits = all.map(({ count }) => count)
  const [common, own] = [commonOf(scores, visits), scores.map((each, i) => ownOf(each, visits[i]))]
  let score = -price(visits.reduce((sum, each) => sum + each, 0))
  let free = 0
  const servers = scores.map((each, i): FoundManner => {
    free += each.get(Infinity)!
    const top = Math.max(...each.values())
    const fits = at(each, common) >= top - AS_GOOD
    const workers = fits ? common : own[i]
    score += fits
      ? at(each, common)
      : at(each, workers) - (workers < Infinity ? price(visits[i]) : 0)
    const close = [...each].filter(([, value]) => value >= top - AS_GOOD).map(([number]) => number)
    const [least, most] = [Math.min(...close, workers), Math.max(...close, workers)]
    const idle = all[i].mostInHand <= workers || visits[i] < FEWEST
    const assumed = fits && idle && workers < Infinity
    return assumed
      ? { discipline, workers, least: workers, most: workers, assumed }
      : { discipline, workers, least, most, assumed }
  })
  return { discipline, score, servers, endless: free }
}

/** More workers than it ever had in hand are as good as any number. */
function at(scores: Scores, workers: number): number {
  return scores.get(workers) ?? scores.get(Infinity)!
}

/** For all servers together. */
function commonOf(scores: readonly Scores[], visits: readonly number[]): number {
  const numbers = [...new Set(scores.flatMap((each) => [...each.keys()]))]
  const known = scores.filter((_, i) => visits[i] > 0)
  const sum = (workers: number): number => known.reduce((all, each) => all + at(each, workers), 0)
  return numbers.reduce((a, b) => (sum(b) > sum(a) ? b : a), Infinity)
}

function ownOf(scores: Scores, visits: number): number {
  const worth = ([workers, value]: readonly [number, number]): number =>
    workers === Infinity ? value : value - price(visits)
  return [...scores].reduce((a, b) => (worth(b) > worth(a) ? b : a))[0]
}

/** Of a figure more (BIC: Schwarz, "Estimating the dimension of a model", Annals of Statistics 6(2), 1978). */
function price(visits: number): number {
  return visits === 0 ? 0 : 0.5 * log(visits)
}

function scoresOf(visits: Visits, discipline: Counted, blur: number): Scores {
  const scores = new Map<number, number>()
  const add = (workers: number): void => {
    const demands = demandsOf(visits, { discipline, workers })
    scores.set(workers, likelihoodOf(visits, demands, blur))
  }
  add(Infinity)
  if (visits.count < FEWEST) return scores
  for (let workers = 1; workers < visits.mostInHand; workers = following(workers)) add(workers)
  return scores
}

/** One by one up to 32, then by steps of a sixteenth. */
function following(workers: number): number {
  return workers + (workers < 32 ? 1 : workers >> 4)
}

/** The latest of them, as if nothing had been before. */
function latest(visits: Visits): Visits {
  const from = visits.count - ENOUGH
  if (from <= 0) return visits
  return {
    ...visits,
    count: ENOUGH,
    tries: visits.tries.subarray(from),
    arrived: visits.arrived.subarray(from),
    left: visits.left.subarray(from),
    good: visits.good.subarray(from),
    met: visits.met.subarray(from),
  }
}
