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

let clock: Clock
let balancer: Balancer
let line: WaitingLine
let order: Request[]

function start(limits: readonly number[], options = {}): void {
  clock = new Clock(1000)
  const strategy = findStrategy('round_robin')!
  const memory = new Memory()
  balancer = new Balancer({ clock, rng: new Rng(1), strategy, memory })
  limits.forEach((max, i) => balancer.add(new Endpoint(`s${i}`, { max })))
  line = new WaitingLine({ length: 3, timeout: 5000, ...options }, clock, balancer, memory)
  order = []
}

function enter(request = new Request()): Request {
  const got = line.enter(request)
  if (got instanceof Endpoint) request.server = got
  order.push(request)
  return request
}

function end(request: Request): void {
  balancer.release(request.server!, 1, 'ok')
  line.serve()
}

describe('a request', () => {
  beforeEach(() => start([1, 1]))

  test('that finds room does not wait', () => {
    expect(enter().server).toBeDefined()
    expect([line.length, line.expiresAt]).toEqual([0, Infinity])
  })

  test('waits while all servers are full, and gets the first room', () => {
    const [one, two, three] = [enter(), enter(), enter()]
    expect([three.server, line.length, line.total]).toEqual([undefined, 1, 1])
    const server = two.server
    end(two)
    expect([three.server, line.length]).toEqual([server, 0])
    expect(one.server!.inflight + server!.inflight).toBe(2)
  })

  test('goes to the end of the line even if there is room at that moment', () => {
    enter()
    const two = enter()
    const waiting = enter()
    balancer.release(two.server!, 1, 'ok') // And nobody has told the line.
    const late = enter()
    expect([waiting.server, late.server]).toEqual([two.server, undefined])
  })

  test('does not wait for a server that would not take it: nobody is up, or all are drained', () => {
    expect(line.enter(new Request())).toBeInstanceOf(Endpoint)
    for (const server of balancer.servers) balancer.setAdmin(server, 'drain')
    expect(line.enter(new Request())).toBe('no_server')
    balancer.setAdmin(balancer.servers[0], 'ready')
    balancer.setAdmin(balancer.servers[1], 'ready')
    enter()
    expect(line.enter(new Request())).toBe('waits')
    for (const server of balancer.servers) balancer.setHealthy(server, false)
    expect(line.enter(new Request())).toBe('no_server')
  })

  test('is turned away when the line is full', () => {
    for (let i = 0; i < 5; i++) enter()
    expect(line.enter(new Request())).toBe('line_full')
    start([1], { length: 0 })
    enter()
    expect(line.enter(new Request())).toBe('line_full')
  })

  test('that waited too long is told, and those who came later are not yet', () => {
    enter()
    enter()
    const [three, four] = [enter(), ((clock.now += 1000), enter())]
    expect(line.expiresAt).toBe(6000)
    clock.now = 5999
    line.expire()
    expect(three.expired).toBe(false)
    clock.now = 6000
    line.expire()
    expect([three.expired, four.expired, line.length, line.expiresAt]).toEqual([
      true,
      false,
      1,
      7000,
    ])
  })

  test('that leaves is not served, and leaving twice is leaving once', () => {
    const one = enter()
    const { id } = one.server!
    enter()
    const [three, four, five] = [enter(), enter(), enter()]
    expect([line.leave(four), line.leave(four), line.leave(one)]).toEqual([true, false, false])
    end(one)
    expect([three.server?.id, four.server, line.length]).toEqual([id, undefined, 1])
    end(three)
    expect(five.server?.id).toBe(id)
  })

  test('is served when a server gets well again, or more room', () => {
    balancer.setHealthy(balancer.servers[1], false)
    enter()
    const two = enter()
    balancer.setHealthy(balancer.servers[1], true)
    line.serve()
    expect(two.server?.id).toBe('s1')
    const three = enter()
    balancer.setMax(balancer.servers[0], 2)
    line.serve()
    expect(three.server?.id).toBe('s0')
  })

  test('that fails as soon as it is admitted makes room for the next, without a call within a call', () => {
    start([1], { length: 10_000 })
    const first = enter()
    let depth = 0
    let deepest = 0
    const waiting = Array.from({ length: 10_000 }, (_, i) => new Request(i))
    const served: number[] = []
    for (const request of waiting) {
      request.onAdmitted = () => {
        deepest = Math.max(deepest, ++depth)
        served.push(request.id)
        end(request)
        depth--
      }
      enter(request)
    }
    end(first)
    expect([served.length, deepest]).toEqual([10_000, 1])
    expect(served).toEqual(waiting.map(({ id }) => id))
    expect(balancer.servers[0].inflight).toBe(0)
  })

  test('tries again at the end of the line when its owner does so on the spot', () => {
    start([1])
    const first = enter()
    const [two, three] = [new Request(2), new Request(3)]
    two.onAdmitted = () => {
      const { server } = two
      two.server = undefined
      two.onAdmitted = () => {}
      balancer.release(server!, 1, 'error')
      enter(two)
    }
    enter(two)
    enter(three)
    end(first)
    expect([three.server?.id, two.server, line.length]).toEqual(['s0', undefined, 1])
    end(three)
    expect(two.server?.id).toBe('s0')
  })
})

describe('whatever happens', () => {
  type Step = readonly ['enter' | 'end' | 'leave' | 'wait' | 'max' | 'health', number]
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom<Step[0][]>(
        'enter',
        'enter',
        'enter',
        'end',
        'end',
        'leave',
        'wait',
        'max',
        'health',
      ),
      fc.nat(100),
    ),
    { maxLength: 80 },
  )
  const limits = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })

  function step([what, n]: Step, running: () => Request[], waiting: () => Request[]): void {
    const { servers } = balancer
    const server = servers[n % servers.length]
    const [some, some2] = [running(), waiting()]
    if (what === 'enter') {
      const room = servers.some((each) => each.usable)
      const worth = servers.some(({ healthy }) => healthy)
      const before = some2.length
      const request = enter()
      const waits = request.waitingSince >= 0
      expect(waits).toBe(!room && worth && before < 3)
      expect(request.server !== undefined).toBe(room)
    } else if (what === 'end' && some.length > 0) {
      const request = some[n % some.length]
      end(request)
      request.server = undefined
    } else if (what === 'leave' && some2.length > 0) line.leave(some2[n % some2.length])
    else if (what === 'wait') {
      clock.now += n * 30
      line.expire()
    } else if (what === 'max') {
      balancer.setMax(server, 1 + (n % 3))
      line.serve()
    } else if (what === 'health') {
      balancer.setHealthy(server, n % 2 === 0)
      line.serve()
    }
  }

  test('nobody waits while there is room, nobody overtakes, nobody waits too long, nobody is lost', () => {
    fc.assert(
      fc.property(limits, steps, (limits, steps) => {
        start(limits)
        const waiting = (): Request[] => order.filter(({ waitingSince }) => waitingSince >= 0)
        const running = (): Request[] => order.filter(({ server }) => server !== undefined)
        for (const each of steps) {
          const before = waiting()
          const admitted = new Set<Request>()
          for (const request of before) request.onAdmitted = () => void admitted.add(request)
          step(each, running, waiting)
          const now = waiting()
          expect(line.length).toBe(now.length)
          // Never a lost wakeup: who waits could not be served.
          if (now.length > 0) expect(balancer.servers.some((server) => server.usable)).toBe(false)
          // First come, first served: whoever was admitted had waited longer than all who still wait.
          for (const request of now) {
            if (!before.includes(request)) continue
            for (const other of admitted) {
              expect(before.indexOf(other)).toBeLessThan(before.indexOf(request))
            }
            expect(clock.now - request.waitingSince).toBeLessThan(5000)
          }
          const inflight = balancer.servers.reduce((sum, server) => sum + server.inflight, 0)
          expect(inflight).toBe(running().length)
        }
        // When all is done nobody is left.
        for (const server of balancer.servers) balancer.setHealthy(server, true)
        line.serve()
        for (let some = running(); some.length > 0; some = running()) {
          end(some[0])
          some[0].server = undefined
        }
        expect([line.length, waiting().length]).toEqual([0, 0])
      }),
      { numRuns: 300 },
    )
  })
})

test('the bound is one for all threads, and a dead thread does not take room in it', () => {
  const buffer = new SharedArrayBuffer(16_384)
  const clock = new Clock(1000)
  const full = new Balancer({ clock, rng: new Rng(1), strategy: findStrategy('first')! })
  full.add(new Endpoint('only', { max: 1 }))
  full.acquire(0, 0)
  const [one, other] = [0, 1].map((thread) => {
    const memory = new Memory(4, { buffer, thread, threads: 2 })
    return new WaitingLine({ length: 3, timeout: 5000 }, clock, full, memory)
  })
  const got = [one, other, one, other].map((line) => line.enter(new Request()))
  expect(got).toEqual(['waits', 'waits', 'waits', 'line_full'])
  expect([one.length, other.length, one.total, other.total]).toEqual([2, 1, 3, 3])
  other.forfeit(0)
  expect([other.enter(new Request()), other.total]).toEqual(['waits', 2])
})
