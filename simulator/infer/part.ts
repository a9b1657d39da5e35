import type { Book } from './book.ts'
import type { Estimate } from './estimate.ts'

/** Where so many requests that follow each other came in the least time: the first of them. */
function busiest(times: Float64Array, size: number): number {
  let best = 0
  for (let i = 0; i + size < times.length; i++) {
    if (times[i + size] - times[i] < times[best + size] - times[best]) best = i
  }
  return best
}

/** The busiest so many requests of a log, and what was estimated, as if there had been no others. Without their tries: those have done their work. */
export function busiestPart(
  book: Book,
  estimate: Estimate,
  size: number,
): { book: Book; estimate: Estimate } {
  if (book.count <= size) return { book, estimate }
  const from = busiest(book.times, size)
  const to = from + size
  const begin = book.times[from]
  const span = book.times[to - 1] - begin
  return {
    book: {
      ...book,
      count: size,
      times: book.times.slice(from, to).map((t) => t - begin),
      keys: book.keys?.slice(from, to),
      took: book.took.slice(from, to),
      outcome: book.outcome.slice(from, to),
    },
    estimate: {
      ...estimate,
      work: estimate.work.slice(from, to),
      servers: estimate.servers.map((server) => ({
        ...server,
        outages: server.outages
          .map((each) => ({ ...each, from: each.from - begin, to: each.to - begin }))
          .filter((each) => each.to > 0 && each.from < span)
          .map((each) => ({ ...each, from: Math.max(0, each.from) })),
      })),
    },
  }
}
