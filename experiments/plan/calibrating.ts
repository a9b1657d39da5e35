import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { Block, Blocks, blocksIn, measuredBlocks } from '../../simulator/infer/blocks.ts'
import { placeIn, type Book } from '../../simulator/infer/book.ts'
import { calibrate, type Checked, type Shares } from '../../simulator/infer/calibration.ts'
import type { Bounds } from '../../simulator/infer/bounds.ts'
import { estimate, type Estimate } from '../../simulator/infer/estimate.ts'
import { leastBusyShare, picksOf } from '../../simulator/infer/picks.ts'
import { rebuild, type World } from '../../simulator/infer/rebuild.ts'
import { milliseconds, percent } from '../../simulator/format.ts'
import type { RunResult } from '../../simulator/result.ts'
import { strategyOf } from '../../simulator/strategies.ts'
import type { Player } from './player.ts'

export interface Calibration {
  /** Estimated from so many requests, tested on those that came after. */
  readonly learned: number
  readonly tested: number
  readonly checked: readonly Checked[]
  readonly passed: boolean
  /** What may be behind it, where it did not pass. */
  readonly reasons: readonly string[]
}

/** Fewer in a half say too little of a 99th percentile. */
const FEWEST = 500

/** What ran when the log was written, as far as anybody says. */
export interface Claim {
  readonly label: string
  readonly strategy: StrategyFactory
}

/** Why there is nothing to calibrate with; undefined if there is. */
export function whyNot(book: Book, all: Estimate): string | undefined {
  if (book.count < 2 * FEWEST)
    return `${book.count} requests are too few: ${FEWEST} to learn from and as many to test on are needed`
  if (all.works.length < FEWEST)
    return `only ${all.works.length} requests say how long they took at their server`
  return undefined
}

/**
 * The first half of the log says what the servers are like; the second half, with its own arrivals and keys but work drawn from the first half's, is played
 * through the strategy that ran, and compared with what was measured. So it is no tautology: what is compared was not used.
 */
export async function calibrating(
  book: Book,
  given: World,
  claim: Claim,
  bounds: Bounds,
  reps: number,
  player: Player,
): Promise<Calibration> {
  const half = book.count >> 1
  const learned = book.tries.count > 0 ? estimate(book, 0, half) : firstHalf(given.estimate, half)
  // When a server was not there is known, and nothing to be learned.
  const outages = given.estimate.servers.map((each) => each.outages)
  const servers = learned.servers.map((each, i) => ({ ...each, outages: outages[i] }))
  const world: World = { ...given, estimate: { ...learned, servers } }
  const play = (strategy: StrategyFactory, runs: number) =>
    checking(book, half, world, strategy, bounds, runs, player)
  player.expected += reps
  const attempted = await play(claim.strategy, reps)
  const { checked } = attempted
  const passed = checked.every((each) => each.passed)
  const tested = book.count - half
  if (passed) return { learned: half, tested, checked, passed, reasons: [] }
  const then = book.tries.count > 0 ? changes(learned, estimate(book, half)) : []
  const reasons = [...then, ...noise(checked), ...unsteady(attempted, bounds)]
  // Where the servers changed every strategy would be off.
  if (reasons.length === 0) {
    player.expected += OTHERS.length
    for (const name of OTHERS.filter((each) => each !== claim.label)) {
      const other = await play(strategyOf(name), 1)
      if (other.checked.every((each) => each.passed))
        reasons.push(`${name} would have reproduced it: did that run?`)
    }
  }
  if (reasons.length === 0) {
    reasons.push(
      'something that the log does not show made a difference: other traffic at the servers, requests whose work depends on each other, or a strategy that is not known here',
    )
  }
  return { learned: half, tested, checked, passed, reasons }
}

/** Of servers that were only guessed nothing is learned but how long requests take. */
function firstHalf(guess: Estimate, half: number): Estimate {
  const work = guess.work.map((each, i) => (i < half ? each : NaN))
  return { ...guess, work, works: work.filter((each) => !Number.isNaN(each)).sort() }
}

/** What may have run in place of what is said. */
const OTHERS = [
  'round_robin',
  'random',
  'least_connections',
  'power_of_two',
  'peak_ewma',
  'ring_hash',
]

interface Attempted {
  readonly checked: readonly Checked[]
  /** Of each copy. */
  readonly p99s: readonly number[]
  readonly busiest: { readonly id: string; readonly utilization: number }
}

async function checking(
  book: Book,
  half: number,
  world: World,
  strategy: StrategyFactory,
  bounds: Bounds,
  reps: number,
  player: Player,
): Promise<Attempted> {
  const warmup = book.times[half]
  const blocks = blocksIn(book.times[book.count - 1] - warmup)
  const known = book.tries.count > 0
  const places = new Map(book.servers.map((id, i) => [id, i]))
  const picks = { server: [] as number[], start: [] as number[], end: [] as number[] }
  const onAttempt = (id: string, start: number, end: number): void => {
    // As its log would have it: with a clock that knows no better.
    const { grain } = book
    const tick = grain === 0 ? start : Math.floor(start / grain) * grain
    const logged = tick + placeIn(picks.start.length) * grain
    picks.server.push(places.get(id)!)
    picks.start.push(logged)
    picks.end.push(logged + end - start)
  }
  const play = { strategy, beside: world.estimate.beside, blocks }
  const sum = new Blocks(0, 1, blocks)
  const runs: RunResult[] = []
  const p99s: number[] = []
  for (let i = 0; i < reps; i++) {
    const copy = rebuild(book, world, { seed: i + 1, warmup, redraw: true })
    const watched = known && i === 0 ? { ...play, onAttempt } : play
    const played = await player.play([copy], watched)
    p99s.push(quantileOf(played.blocks, 0.99))
    played.blocks.all.forEach((block, at) => sum.all[at].add(block))
    runs.push(...played.runs)
  }
  const several = book.servers.length > 1 && known
  const checked = calibrate({
    measured: measuredBlocks(book, half, blocks).all,
    copied: sum.all,
    shares: known
      ? shares(book, half).map((each) => ({
          ...each,
          copied: mean(runs.map((run) => run.servers.find(({ id }) => id === each.id)!.share)),
        }))
      : [],
    leastBusy: several
      ? {
          measured: leastBusyShare(picksOf(book, half), book.servers.length),
          copied: leastBusyShare(picks, book.servers.length),
        }
      : undefined,
    bounds,
  })
  return { checked, p99s, busiest: busiestOf(runs[0]) }
}

/** One of which nobody knows how much it can do is busy with nothing. */
function busiestOf({ servers }: RunResult): { id: string; utilization: number } {
  return servers.toSorted((a, b) => b.utilization - a.utilization)[0]
}

function quantileOf({ all }: Blocks, share: number): number {
  const sum = new Block()
  for (const block of all) sum.add(block)
  return sum.latency.quantile(share)
}

function shares({ servers, tries }: Book, from: number): Omit<Shares, 'copied'>[] {
  const counts = servers.map(() => 0)
  let all = 0
  for (let i = 0; i < tries.count; i++) {
    if (tries.request[i] < from) continue
    counts[tries.server[i]]++
    all++
  }
  return servers.map((id, i) => ({ id, measured: counts[i] / all }))
}

/** Less than that makes no difference that a bound would see. */
const [CHANGE, MORE_ERRORS] = [0.1, 0.005]
/** Standard errors: beyond that it is no chance, however many servers there are. */
const NO_CHANCE = 4

function changes(before: Estimate, after: Estimate): string[] {
  return before.servers.flatMap(({ demand, error, failure, id, visits }, i) => {
    const then = after.servers[i]
    const moved = then.demand / demand - 1
    const chance = NO_CHANCE * Math.hypot(error, then.error)
    const [was, is] = [failure?.rate ?? 0, then.failure?.rate ?? 0]
    const rate = (was + is) / 2
    const luck = NO_CHANCE * Math.sqrt(rate * (1 - rate) * (1 / visits + 1 / then.visits))
    return [
      ...(Math.abs(moved) > Math.max(CHANGE, chance)
        ? [
            `${id} changed: a request took it ${milliseconds(demand)} ms of work in the first half, ${milliseconds(then.demand)} ms in the second`,
          ]
        : []),
      ...(Math.abs(was - is) > Math.max(MORE_ERRORS, luck)
        ? [`${id} changed: ${percent(was)} of its answers were errors, then ${percent(is)}`]
        : []),
    ]
  })
}

/** What was measured is itself not known well enough for its bound. */
function noise(checked: readonly Checked[]): string[] {
  return checked.flatMap(({ bound, key, passed, range }) => {
    if (passed || range === undefined || key === 'errors') return []
    const half = (range.high - range.low) / 2 / range.value
    return half <= bound
      ? []
      : [
          `${key} of so few requests is itself known to ±${(half * 100).toFixed(0)} % only: a longer log would tell`,
        ]
  })
}

/** Near their limits servers do not do the same twice, and neither do copies. */
function unsteady({ busiest, checked, p99s }: Attempted, { p99: bound }: Bounds): string[] {
  if (checked.every(({ key, passed }) => key !== 'p99' || passed)) return []
  const [least, most] = [Math.min(...p99s), Math.max(...p99s)]
  const half = (most - least) / (most + least)
  if (half <= bound / 2) return []
  const times = `${milliseconds(least)} to ${milliseconds(most)} ms`
  const busy = `${busiest.id} was ${percent(busiest.utilization)} busy`
  return [
    `copies of one and the same world differ, too: p99 of ${times}, since ${busy}; a longer log would tell`,
  ]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}
