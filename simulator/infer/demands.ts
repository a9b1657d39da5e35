import type { Visits } from './visits.ts'

/** How a server gets through its work, as far as a log can tell; `Infinity` workers: nobody waits. */
export interface Manner {
  readonly discipline: 'fifo' | 'sharing'
  readonly workers: number
}

/**
 * What each visit would have cost its server alone, if it worked in this manner: when things came and went is known, so that is arithmetic and no guess.
 * `rate`: what each got of a worker when it left (1 but for sharing).
 */
export interface Demands {
  readonly work: Float64Array
  readonly rate: Float64Array
}

export function demandsOf(visits: Visits, { discipline, workers }: Manner): Demands {
  return discipline === 'sharing' && workers < Infinity
    ? shared(visits, workers)
    : inTurn(visits, workers)
}

/**
 * First come first served: one begins when fewer than `workers` of those that came before are still there. So it begins at the `workers`-th latest
 * of their ends, or when it comes. Below 0 where it was over before that: then the manner is another.
 */
function inTurn({ arrived, count, left }: Visits, workers: number): Demands {
  const work = new Float64Array(count)
  const latest = new LeastOf(Math.min(workers, count + 1))
  for (let i = 0; i < count; i++) {
    work[i] = left[i] - Math.max(arrived[i], latest.full ? latest.least : -Infinity)
    latest.add(left[i])
  }
  return { work, rate: new Float64Array(count).fill(1) }
}

/** All at once: each gets its part of the workers, and never more than one. Between two events that is the same for everybody. */
function shared({ arrived, count, left }: Visits, workers: number): Demands {
  const ends = Uint32Array.from(left, (_, i) => i).sort((a, b) => left[a] - left[b] || a - b)
  const work = new Float64Array(count)
  const rate = new Float64Array(count)
  const givenAtStart = new Float64Array(count)
  let given = 0
  let now = count > 0 ? arrived[0] : 0
  let inHand = 0
  let next = 0
  const each = (): number => (inHand <= workers ? 1 : workers / inHand)
  for (let out = 0; out < count;) {
    const leaver = ends[out]
    const comes = next < count && arrived[next] <= left[leaver]
    const at = comes ? arrived[next] : left[leaver]
    if (inHand > 0) given += (at - now) * each()
    now = at
    if (comes) {
      givenAtStart[next++] = given
      inHand++
    } else {
      rate[leaver] = each()
      work[leaver] = given - givenAtStart[leaver]
      inHand--
      out++
    }
  }
  return { work, rate }
}

/** The greatest so many numbers of those that passed, as a heap with the least on top. */
class LeastOf {
  private readonly size: number
  private readonly heap: number[] = []

  constructor(size: number) {
    this.size = size
  }

  get full(): boolean {
    return this.heap.length >= this.size
  }

  get least(): number {
    return this.heap[0]
  }

  add(value: number): void {
    const { heap } = this
    if (!this.full) {
      heap.push(value)
      let at = heap.length - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (heap[parent] <= heap[at]) return
        ;[heap[parent], heap[at]] = [heap[at], heap[parent]]
        at = parent
      }
      return
    }
    if (value <= heap[0]) return
    heap[0] = value
    for (let at = 0; ;) {
      const child = 2 * at + 1
      if (child >= heap.length) return
      const less = child + 1 < heap.length && heap[child + 1] < heap[child] ? child + 1 : child
      if (heap[at] <= heap[less]) return
      ;[heap[less], heap[at]] = [heap[at], heap[less]]
      at = less
    }
  }
}
