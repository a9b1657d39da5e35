import type { Book } from './book.ts'

/** Who was picked when, and until when he had it. */
export interface Picks {
  readonly server: ArrayLike<number>
  readonly start: ArrayLike<number>
  readonly end: ArrayLike<number>
}

/** Of a log's requests from place `from` on. */
export function picksOf({ tries }: Book, from: number): Picks {
  const places: number[] = []
  for (let i = 0; i < tries.count; i++) if (tries.request[i] >= from) places.push(i)
  return {
    server: places.map((i) => tries.server[i]),
    start: places.map((i) => tries.picked[i]),
    end: places.map((i) => tries.left[i]),
  }
}

/** How often nobody had less in hand than who was picked: 1 of least connections, about 1 in n of who does not look. Shares alone do not tell those apart. */
export function leastBusyShare({ end, server, start }: Picks, servers: number): number {
  const count = start.length
  const starts = Uint32Array.from(start, (_, i) => i).sort((a, b) => start[a] - start[b] || a - b)
  const ends = Uint32Array.from(end, (_, i) => i).sort((a, b) => end[a] - end[b] || a - b)
  const inHand = new Int32Array(servers)
  let gone = 0
  let least = 0
  for (const pick of starts) {
    while (gone < count && end[ends[gone]] <= start[pick]) {
      // One that was over at once is taken off before it is put on, and the sum is right.
      inHand[server[ends[gone++]]]--
    }
    const had = inHand[server[pick]]
    if (inHand.every((other) => other >= had)) least++
    inHand[server[pick]]++
  }
  return count === 0 ? NaN : least / count
}
