import type { Block } from '../../simulator/infer/blocks.ts'
import { blocksIn } from '../../simulator/infer/blocks.ts'
import type { Book } from '../../simulator/infer/book.ts'
import { Bootstrap, type Ranges } from '../../simulator/infer/bootstrap.ts'
import { keysOf, movedShare } from '../../simulator/infer/homes.ts'
import { rebuild, type World } from '../../simulator/infer/rebuild.ts'
import type { Player } from './player.ts'
import type { Candidate } from './pools.ts'

/** What a server would have had to do. */
interface Load {
  readonly id: string
  readonly share: number
  /** Undefined of one whose limits nobody knows. */
  readonly utilization: number | undefined
  readonly inHand: number
  readonly mostInHand: number
  /** More than the log ever shows of it: nobody knows how it is then. */
  readonly beyond: boolean
}

type Word = 'better' | 'worse' | 'cannot tell'

/** The same period, under a candidate. */
export interface Forecast {
  readonly label: string
  readonly ranges: Ranges
  readonly retries: number
  readonly servers: readonly Load[]
  /** Against what runs now; undefined of itself. */
  readonly changes: Ranges | undefined
  readonly word: Word | undefined
  readonly why: string | undefined
  /** Keys that would have another server; undefined unless both go by keys. */
  readonly moved: number | undefined
}

export interface Forecaster {
  readonly book: Book
  readonly world: World
  readonly reps: number
  readonly seed: number
  readonly player: Player
}

export interface Seen {
  readonly forecast: Forecast
  readonly blocks: readonly Block[]
}

/** `now`: what the others are compared with. `off`: how far the copy was from what was measured. */
export async function forecast(
  { book, player, reps, seed, world }: Forecaster,
  candidate: Candidate,
  now?: { readonly candidate: Candidate; readonly blocks: readonly Block[]; readonly off: number },
): Promise<Seen> {
  const { label, rate, servers, strategy } = candidate
  const count = blocksIn(book.times[book.count - 1])
  const copies = Array.from({ length: reps }, (_, i) =>
    rebuild(book, world, { seed: seed + i, rate, servers }),
  )
  const { blocks, runs } = await player.play(copies, {
    strategy,
    beside: world.estimate.beside,
    blocks: count,
  })
  const bootstrap = new Bootstrap(count, seed)
  const changes = now && bootstrap.changes(now.blocks, blocks.all)
  const { why, word } = changes === undefined ? {} : judged(changes, now!.off)
  const mean = (of: (run: (typeof runs)[number]) => number): number =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  return {
    blocks: blocks.all,
    forecast: {
      label,
      ranges: bootstrap.ranges(blocks.all),
      retries: mean((run) => run.retries / Math.max(1, run.requests.count)),
      servers: servers.map(({ discipline, id }, i): Load => {
        const seen = world.estimate.servers.find((each) => each.id === id)
        const most = mean((run) => run.servers[i].mostInHand)
        return {
          id: id!,
          share: mean((run) => run.servers[i].share),
          utilization:
            discipline === 'infinite' ? undefined : mean((run) => run.servers[i].utilization),
          inHand: mean((run) => run.servers[i].inHand),
          mostInHand: most,
          beyond: discipline === 'infinite' && most > (seen?.mostInHand ?? Infinity) * 1.25 + 1,
        }
      }),
      changes,
      word,
      why,
      moved:
        now === undefined || book.keys === undefined
          ? undefined
          : movedShare(keysOf(book.keys), now.candidate, candidate),
    },
  }
}

/** A change counts that is no chance, and more than the copy was off yesterday. */
function judged({ errors, p99 }: Ranges, off: number): { word: Word; why: string | undefined } {
  if (errors.low > 0.0005) return { word: 'worse', why: 'more errors' }
  if (p99.low <= 0 && p99.high >= 0)
    return { word: 'cannot tell', why: 'that could as well be no change' }
  if (Math.abs(p99.value) <= off) {
    return {
      word: 'cannot tell',
      why: `the change is no larger than the ${(off * 100).toFixed(1)} % by which the copy missed what was measured`,
    }
  }
  return { word: p99.value < 0 ? 'better' : 'worse', why: undefined }
}
