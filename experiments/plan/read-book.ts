import { count } from '../../simulator/format.ts'
import { type Book, Bookkeeper } from '../../simulator/infer/book.ts'
import { TraceReader } from '../../simulator/trace/reader.ts'
import { Reorder } from '../../simulator/trace/reorder.ts'
import type { TraceEntry } from '../../simulator/trace/trace.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { readerOptions } from '../trace/options.ts'
import { nameOf, readInto, whyUnusable } from '../trace/read.ts'
import type { Moment, PlanFlags } from './options.ts'

export interface ReadLog {
  readonly name: string
  readonly format: string
  readonly book: Book
  /** Unix time of the first request that counts, in milliseconds; small where the log's clock begins at 0. */
  readonly start: number
  /** Requests in the file, in the period or not; and lines that could not be read. */
  readonly requests: number
  readonly bad: number
}

/** More are no pool: the column is another one, like clients. What is asked of each (N-1) would not end, either. */
const MOST_SERVERS = 10_000

/** Reads a log, piece by piece. Throws `WrongInput`; undefined if somebody does not want to wait. */
export async function readBook(
  file: string,
  flags: PlanFlags,
  interrupt: Interrupt,
): Promise<ReadLog | undefined> {
  const keeper = new Bookkeeper(flags.most)
  let first = Infinity
  let over = false
  const take = (entry: TraceEntry): void => {
    const t = entry.t
    first = Math.min(first, t)
    const [from, to] = [placeOf(flags.from, reader, first), placeOf(flags.to, reader, first)]
    if (t >= to) over = true
    if (t >= from && t < to) keeper.add(entry)
  }
  const order = new Reorder(take)
  const reader = new TraceReader(readerOptions(flags), (entry) => order.add(entry))
  const whole = await readInto(reader, file, {
    interrupt,
    afterPiece: () => over || keeper.pool > MOST_SERVERS,
  })
  if (!whole && interrupt.happened) return undefined
  order.end()
  if (keeper.pool > MOST_SERVERS)
    throw new WrongInput(
      `${nameOf(file)} names more than ${count(MOST_SERVERS)} servers: is that the column of who served?`,
    )
  const fault = whyUnusable(reader, file, flags.maxBad)
  if (fault !== undefined) throw new WrongInput(fault)
  if (keeper.count === 0) throw new WrongInput(outside(file, reader))
  const begin = keeper.begin
  return {
    name: nameOf(file),
    format: reader.format,
    book: keeper.finish(reader.timeline.grain / 1000),
    start: reader.timeline.origin * 1000 + begin,
    requests: reader.entries,
    bad: reader.bad,
  }
}

function placeOf(moment: Moment, { timeline }: TraceReader, first: number): number {
  return 'after' in moment ? first + moment.after : moment.at - timeline.origin * 1000
}

function outside(file: string, { span, timeline }: TraceReader): string {
  const [from, to] = [timeline.start * 1000, timeline.start * 1000 + span]
  const [begin, end] = [from, to].map((each) => new Date(each).toISOString().replace(/\.\d+/, ''))
  return `${nameOf(file)} holds no request between --from and --to: it goes from ${begin} to ${end}`
}
