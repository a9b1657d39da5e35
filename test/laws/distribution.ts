import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Memory } from '../../proxy/core/memory.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { StrategyContext } from '../../proxy/core/strategy.ts'
import { chiSquare, chiSquareLimit } from '../../simulator/statistics/chi-square.ts'
import { EnumeratedRng, TooManyDice } from './enumerated-rng.ts'
import type { Subject } from './law.ts'
import { guard, memberOf } from './watched.ts'
import { letter } from './world.ts'

/** A pool at one moment, to ask a strategy in that has seen nothing before. Weights are whole numbers. */
export interface Situation {
  readonly weights: readonly number[]
  /** Requests in flight. */
  readonly loads: readonly number[]
  /** The numbers of the servers in the order of the list; otherwise 0, 1, 2, … */
  readonly order?: readonly number[]
  /** What they weighed when the strategy first saw them; otherwise the same. */
  readonly before?: readonly number[]
}

/** So many outcomes are walked through, and not more. */
const MOST_OUTCOMES = 40_000

/** Where that is not enough: so many new strategies, with dice of as many seeds. */
const SAMPLES = 20_000

/** Probabilities are sums of many products. */
export const CLOSE = 1e-9

/**
 * How likely each server is to be picked, by number, exactly: all outcomes of all dice. With `count` 2: how likely each pair of
 * picks in a row is, at n × first + second. Undefined where there are too many outcomes to walk through, or where the grid
 * is not fine enough: a finer one says something else, as it does of two dice that are compared with each other.
 */
export function distribution(
  subject: Subject,
  situation: Situation,
  count = 1,
): number[] | undefined {
  const grid = gridOf(situation.weights)
  const chances = walk(subject, situation, grid, count)
  const finer = chances && walk(subject, situation, 2 * grid, count)
  return finer?.every((chance, i) => Math.abs(chance - chances![i]) < CLOSE) ? chances : undefined
}

function walk(
  subject: Subject,
  situation: Situation,
  grid: number,
  count: number,
): number[] | undefined {
  const rng = new EnumeratedRng(grid)
  const n = situation.weights.length
  const chances = Array.from({ length: n ** count }, () => 0)
  for (let outcomes = 0; outcomes < MOST_OUTCOMES; outcomes++) {
    try {
      const picked = ask(subject, situation, rng, count)
      // The first outcome has an idea of how many there are.
      if (outcomes === 0 && rng.probability * MOST_OUTCOMES < 1) return undefined
      chances[picked.reduce((sum, number) => sum * n + number, 0)] += rng.probability
    } catch (error) {
      if (error instanceof TooManyDice) return undefined
      throw error
    }
    if (!rng.advance()) return chances
  }
  return undefined
}

/** How likely each server is, known exactly or, where that would take too long, from many samples. */
export class Chances {
  private readonly exact: readonly number[] | undefined
  private readonly counts: readonly number[]

  constructor(subject: Subject, situation: Situation) {
    this.exact = distribution(subject, situation)
    this.counts = this.exact === undefined ? sample(subject, situation, SAMPLES) : []
  }

  /** Samples are held to what an honest draw fails once in a million. */
  fits(due: readonly number[]): boolean {
    const { counts, exact } = this
    if (exact !== undefined) return exact.every((chance, i) => Math.abs(chance - due[i]) < CLOSE)
    const possible = due.flatMap((chance, i) => (chance > 0 ? [i] : []))
    const impossible = counts.some((count, i) => count > 0 && due[i] === 0)
    if (impossible || possible.length < 2) return !impossible
    const statistic = chiSquare(
      possible.map((i) => counts[i]),
      possible.map((i) => due[i]),
    )
    return statistic <= chiSquareLimit(possible.length)
  }

  /** Always the same server: no dice in it. */
  get certain(): boolean {
    return (this.exact ?? this.counts).filter((chance) => chance > 0).length === 1
  }

  /** How often that server is picked, in words. */
  of(number: number): string {
    const { counts, exact } = this
    return exact === undefined ? `${counts[number]} of ${SAMPLES} times` : often(exact[number])
  }

  toString(): string {
    return (this.exact ?? this.counts).map((_, i) => `${letter(i)} ${this.of(i)}`).join(', ')
  }
}

/** How often each server is picked in `samples` situations alike, with dice of every seed. */
export function sample(subject: Subject, situation: Situation, samples: number): number[] {
  const counts = situation.weights.map(() => 0)
  for (let seed = 0; seed < samples; seed++) counts[ask(subject, situation, new Rng(seed), 1)[0]]++
  return counts
}

/** The numbers of the servers that a new strategy picks in a row. */
function ask(subject: Subject, situation: Situation, rng: Rng, count: number): number[] {
  const { before, loads, weights } = situation
  const memory = new Memory(8)
  const inflights = memory.intPerSlot()
  inflights.set(loads)
  const all = weights.map((weight, number) => {
    const server = new Endpoint(letter(number), { weight: before?.[number] ?? weight })
    server.attach(number, inflights)
    return server
  })
  const context: StrategyContext = {
    clock: new Clock(1000),
    rng,
    memory,
    inflights,
    ask: () => {},
    remainingWork: (server) => 10 * server.inflight,
  }
  const strategy = guard('being made', () => subject.factory.create(context))
  const given = situation.order?.map((number) => all[number]) ?? all
  guard('update', () => strategy.update(given))
  if (before !== undefined) {
    all.forEach((server, number) => (server.weight = server.configuredWeight = weights[number]))
    guard('update', () => strategy.update(given))
  }
  return Array.from({ length: count }, () => {
    const server = guard('pick', () => strategy.pick(0, 0))
    return all.indexOf(memberOf(given, server))
  })
}

/**
 * Fine enough for all who draw by weight: every threshold is a share of the weight of some of the servers in that of some others,
 * so a multiple of 1 / the least common multiple of all such sums.
 */
function gridOf(weights: readonly number[]): number {
  let sums = [0]
  for (const weight of weights) sums = [...new Set(sums.flatMap((sum) => [sum, sum + weight]))]
  return sums.reduce((grid, sum) => (sum === 0 ? grid : (grid * sum) / divisor(grid, sum)), 1)
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

export function told({ loads, order, weights }: Situation): string {
  const servers = (order ?? weights.map((_, i) => i)).map(
    (i) => `${letter(i)} (weight ${weights[i]}, ${loads[i]} in flight)`,
  )
  return `a new pool: ${servers.join(', ')}`
}

export function often(chance: number): string {
  if (Math.abs(chance - 1) < CLOSE) return 'always'
  return Math.abs(chance) < CLOSE ? 'never' : percent(chance)
}

export function percent(chance: number): string {
  return `${(100 * chance).toFixed(3)} %`
}
