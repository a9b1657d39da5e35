import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { WaitingLine } from '../../../proxy/core/waiting-line.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { Request } from './waiting-request.ts'

const THREADS = 3

interface Thread {
  readonly balancer: Balancer
  readonly line: WaitingLine
  /** How often its bell had been rung when it last looked. */
  heard: number
}

let clock: Clock
let threads: Thread[]
let served: Request[]
let nextId: number

function start(max = 1, length = 100): void {
  const buffer = new SharedArrayBuffer(65_536)
  clock = new Clock(1000)
  threads = Array.from({ length: THREADS }, (_, thread) => {
    const memory = new Memory(4, { buffer, thread, threads: THREADS })
    const strategy = findStrategy('first')!
    const balancer = new Balancer({ clock, rng: new Rng(1), strategy, memory })
    balancer.add(new Endpoint('only', { max }), 0)
    const line = new WaitingLine({ length, timeout: 60_000 }, clock, balancer, memory)
    return { balancer, line, heard: 0 }
  })
  served = []
  nextId = 0
}

function enter(thread: number, wanted?: Endpoint): Request {
  const request = new Request(nextId++, wanted)
  request.onAdmitted = () => served.push(request)
  const got = threads[thread].line.enter(request)
  if (got instanceof Endpoint) request.admitted(got)
  return request
}

function end(thread: number, request: Request): void {
  threads[thread].balancer.release(request.server!, 1, 'ok')
  threads[thread].line.serve()
}

/** Who was rung looks, until nobody is rung any more. */
function answerBells(): void {
  const rung = ({ heard, line }: Thread, i: number): boolean => line.turns!.bells[i] !== heard
  for (let i = threads.findIndex(rung); i >= 0; i = threads.findIndex(rung)) {
    const thread = threads[i]
    thread.heard = thread.line.turns!.bells[i]
    thread.line.serve()
  }
}

const ids = (): number[] => served.map(({ id }) => id)

beforeEach(() => start())

describe('the lines of several threads', () => {
  test('room is that of the one who waited longest, in whatever thread, and that thread is rung', () => {
    const first = enter(0)
    enter(1)
    clock.now++
    enter(0)
    end(0, first)
    expect(ids()).toEqual([0])
    answerBells()
    expect(ids()).toEqual([0, 1])
  })

  test('whoever comes to a thread where nobody waits goes to the end all the same', () => {
    const first = enter(0)
    enter(1)
    clock.now++
    threads[0].balancer.release(first.server!, 1, 'ok') // And nobody has told a line.
    enter(2)
    expect(ids()).toEqual([0])
    answerBells()
    expect(ids()).toEqual([0, 1])
  })

  test('one that is admitted passes on what room is left', () => {
    start(2)
    const [one, two] = [enter(0), enter(0)]
    enter(1)
    clock.now++
    enter(2)
    threads[0].balancer.release(one.server!, 1, 'ok')
    end(0, two)
    answerBells()
    expect(ids()).toEqual([0, 1, 2, 3])
  })

  test('room that was made just before the others could see who waits is found', () => {
    const first = enter(0)
    const { balancer } = threads[1]
    const acquire = balancer.acquire.bind(balancer)
    let asked = 0
    balancer.acquire = (...given) => {
      const got = acquire(...given)
      if (asked++ === 0) end(0, first)
      return got
    }
    enter(1)
    expect([ids(), threads[1].line.total]).toEqual([[0, 1], 0])
  })

  test('who waits for a certain server holds up nobody elsewhere', () => {
    const first = enter(0)
    const { balancer } = threads[1]
    enter(1, balancer.servers[0])
    clock.now++
    enter(0)
    end(0, first)
    expect(ids()).toEqual([0, 2])
  })

  test('one that leaves is waited for no longer', () => {
    const first = enter(0)
    const gone = enter(1)
    clock.now++
    enter(0)
    threads[1].line.leave(gone)
    end(0, first)
    expect(ids()).toEqual([0, 2])
  })

  test('a dead thread is waited for no longer once it is forfeited', () => {
    const first = enter(0)
    enter(1)
    clock.now++
    enter(0)
    threads[2].line.forfeit(1)
    end(0, first)
    expect(ids()).toEqual([0, 2])
  })

  test('nor is one that has not looked at its line for 300 ms, as long as it does not', () => {
    const first = enter(0)
    enter(1)
    clock.now++
    enter(0)
    clock.now += 299
    end(0, first)
    expect(ids()).toEqual([0])
    clock.now++
    threads[0].line.serve()
    expect(ids()).toEqual([0, 2])
  })

  test('any order of coming, ending and leaving: the first come is the first served, and no room stays empty', () => {
    const step = fc.tuple(fc.constantFrom('enter', 'enter', 'end', 'leave'), fc.nat(THREADS - 1))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 60 }),
        (max, steps) => {
          start(max)
          const all = new Map<Request, number>()
          for (const [what, thread] of steps) {
            clock.now++
            for (const { line } of threads) line.serve() // As often as they tick.
            if (what === 'enter') all.set(enter(thread), thread)
            const mine = [...all].filter(([, at]) => at === thread).map(([request]) => request)
            const request = mine.find(({ server }) => (server !== undefined) === (what === 'end'))
            if (what !== 'enter' && request !== undefined) {
              if (what === 'end') end(thread, request)
              else threads[thread].line.leave(request)
              all.delete(request)
            }
            answerBells()
            const { inflight } = threads[0].balancer.servers[0]
            const waiting = [...all.keys()].filter(({ server }) => server === undefined)
            expect(inflight).toBe(Math.min(max, all.size))
            expect(threads[0].line.total).toBe(waiting.length)
          }
          expect(ids()).toEqual(ids().toSorted((a, b) => a - b))
        },
      ),
    )
  })
})
