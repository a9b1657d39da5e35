import { Block } from '../../simulator/infer/blocks.ts'
import type { Book } from '../../simulator/infer/book.ts'
import { rebuild, type World } from '../../simulator/infer/rebuild.ts'
import type { Bound } from './options.ts'
import type { Player } from './player.ts'
import type { Candidate } from './pools.ts'

/** The same requests when one server is not there from the first on. */
export interface Without {
  readonly server: string
  readonly p99: number
  readonly errors: number
  /** Whose workers are used most, and how much; undefined where no limit is known. */
  readonly busiest: { readonly id: string; readonly utilization: number } | undefined
}

export interface Headroom {
  readonly label: string
  readonly without: readonly Without[]
  /** So many times as many requests keep the bound; `Infinity`: more than was tried; 0: not even few. */
  readonly growth: number
}

export interface Stress {
  /** A part of the log, where all would take too long. */
  readonly book: Book
  readonly world: World
  readonly seed: number
  readonly player: Player
  readonly bound: Bound
}

/** Nobody asks for more, or less. */
export const [LEAST_GROWTH, MOST_GROWTH] = [1 / 16, 16]
/** Known to that. */
const PRECISION = 1.02
/** What a bound on times does not allow: more errors than now. */
const MORE_ERRORS = 0.001

export async function headroom(stress: Stress, candidate: Candidate): Promise<Headroom> {
  const { label, servers } = candidate
  const without: Without[] = []
  for (const { id } of servers.length > 1 ? servers : []) {
    const { run, sum } = await once(stress, candidate, 1, id)
    const busy = run.servers
      .filter((each) => each.id !== id)
      .filter((each) => servers.find((of) => of.id === each.id)!.discipline !== 'infinite')
      .toSorted((a, b) => b.utilization - a.utilization)
      .at(0)
    without.push({
      server: id!,
      p99: sum.latency.quantile(0.99),
      errors: share(sum),
      busiest: busy && { id: busy.id, utilization: busy.utilization },
    })
  }
  return { label, without, growth: await growth(stress, candidate) }
}

/** How much traffic keeps the bound: doubled until it does not, and then by halves of what is between (in factors). */
async function growth(stress: Stress, candidate: Candidate): Promise<number> {
  const base = share((await once(stress, candidate, 1)).sum)
  const keeps = async (factor: number): Promise<boolean> => {
    const { sum } = await once(stress, candidate, factor)
    const { below, quantile } = stress.bound
    return sum.latency.quantile(quantile) < below && share(sum) <= base + MORE_ERRORS
  }
  let [low, high] = [1, 2]
  if (await keeps(1)) {
    while (high <= MOST_GROWTH && (await keeps(high))) [low, high] = [high, high * 2]
    if (high > MOST_GROWTH) return Infinity
  } else {
    ;[low, high] = [0.5, 1]
    while (low >= LEAST_GROWTH && !(await keeps(low))) [low, high] = [low / 2, low]
    if (low < LEAST_GROWTH) return 0
  }
  while (high / low > PRECISION) {
    const middle = Math.sqrt(low * high)
    if (await keeps(middle)) low = middle
    else high = middle
  }
  return low
}

async function once(
  { book, player, seed, world }: Stress,
  { rate, servers, strategy }: Candidate,
  factor: number,
  dead?: string,
) {
  player.expected++
  const scenario = rebuild(book, world, { seed, rate: rate * factor, servers })
  const events = scenario.events ?? []
  const killed =
    dead === undefined
      ? events
      : [
          ...events.filter((each) => !('server' in each) || each.server !== dead),
          { at: 0, server: dead, outage: 'refuse' as const },
        ]
  const { blocks, runs } = await player.play([{ ...scenario, events: killed }], {
    strategy,
    beside: world.estimate.beside,
    blocks: 1,
  })
  const sum = new Block()
  for (const block of blocks.all) sum.add(block)
  return { run: runs[0], sum }
}

function share({ failed, judged }: Block): number {
  return judged === 0 ? 0 : failed / judged
}
