import type { Book } from './book.ts'
import type { Estimate } from './estimate.ts'

/** For a log that does not say who served: so many servers, all alike, and the whole of how long requests took is work. */
export function assumed(book: Book, servers: number, workers: number): Estimate {
  const work = book.took.slice()
  return {
    manners: {
      discipline: workers === Infinity ? 'infinite' : 'fifo',
      margin: Infinity,
      next: 'fifo',
    },
    servers: Array.from({ length: servers }, (_, i) => ({
      id: `s${i + 1}`,
      visits: 0,
      mostInHand: Infinity,
      demand: NaN,
      error: Infinity,
      speed: 1,
      discipline: 'fifo',
      workers,
      least: workers,
      most: workers,
      assumed: true,
      failure: undefined,
      outages: [],
    })),
    alike: true,
    work,
    works: work.filter((each) => !Number.isNaN(each)).sort(),
    beside: 0,
  }
}
