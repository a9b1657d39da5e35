import { type Book, Bookkeeper } from '../../../simulator/infer/book.ts'
import { TraceReader } from '../../../simulator/trace/reader.ts'
import { Reorder } from '../../../simulator/trace/reorder.ts'

/** What a log says, kept as far as `most` allows. `grain`: of its clock, where the log is too short to tell. */
export function bookOf(text: string, most?: number, grain?: number): Book {
  const keeper = new Bookkeeper(most)
  const order = new Reorder((entry) => keeper.add(entry))
  const reader = new TraceReader({}, (entry) => order.add(entry))
  reader.chunk(text)
  reader.end()
  order.end()
  return keeper.finish(grain ?? reader.timeline.grain / 1000)
}
