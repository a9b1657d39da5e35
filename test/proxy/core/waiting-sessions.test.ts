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

function start(limits: readonly number[], options = {}): void {
  clock = new Clock(1000)
  const strategy = findStrategy('round_robin')!
  const memory = new Memory()
  balancer = new Balancer({ clock, rng: new Rng(1), strategy, memory })
  limits.forEach((max, i) => balancer.add(new Endpoint(`s${i}`, { max })))
  line = new WaitingLine({ length: 3, timeout: 5000, ...options }, clock, balancer, memory)
}

function enter(request = new Request()): Request {
  const got = line.enter(request)
  if (got instanceof Endpoint) request.server = got
  return request
}

function end(request: Request): void {
  balancer.release(request.server!, 1, 'ok')
  line.serve()
}

describe('proxy-behaviour 2, stickiness: a request whose session is at a server that is full', () => {
  const at = (i: number): Request => new Request(0, balancer.servers[i])

  beforeEach(() => start([1, 1]))

  test('waits for that one, and holds up nobody who does not', () => {
    const [busy, bound] = [enter(at(0)), enter(at(0))]
    const other = enter()
    expect([bound.server, other.server?.id, line.length]).toEqual([undefined, 's1', 1])
    const last = enter()
    expect([last.server, line.length]).toEqual([undefined, 2])
    end(other) // The room is at the other server, and the first in the line does not want it.
    expect([bound.server, last.server?.id]).toEqual([undefined, 's1'])
    end(busy)
    expect([bound.server?.id, line.length]).toEqual(['s0', 0])
  })

  test('gets room there in the order in which they came, before those who came after', () => {
    const busy = enter(at(0))
    const [first, second] = [enter(at(0)), enter(at(0))]
    end(busy)
    const late = enter(at(0))
    expect([first.server?.id, second.server, late.server]).toEqual(['s0', undefined, undefined])
    end(first)
    expect([second.server?.id, late.server]).toEqual(['s0', undefined])
  })

  test('waits no longer than others', () => {
    enter(at(0))
    const bound = enter(at(0))
    clock.now += 5000
    line.expire()
    expect([bound.expired, bound.wanted?.id, line.length]).toEqual([true, 's0', 0])
    enter()
    expect(enter().server).toBeUndefined()
    clock.now += 5000
    line.expire()
    expect(line.length).toBe(0)
  })

  test('goes elsewhere where too many wait already, or nobody may wait', () => {
    start([1, 2], { length: 1 })
    enter(at(0))
    enter(at(0))
    const third = enter(at(0))
    expect([third.server?.id, third.wanted, line.length]).toEqual(['s1', undefined, 1])
    start([1, 1], { length: 0 })
    enter(at(0))
    expect(enter(at(0)).server?.id).toBe('s1')
  })

  test('goes elsewhere as soon as its server keeps its sessions no more, in its place', () => {
    start([1, 1], { length: 9 })
    const [, other] = [enter(at(0)), enter(at(1))]
    const [bound, free] = [enter(at(0)), enter()]
    balancer.setAdmin(balancer.servers[0], 'maint')
    line.serve()
    expect([bound.server, bound.wanted, line.length]).toEqual([undefined, undefined, 2])
    end(other)
    expect([bound.server?.id, free.server]).toEqual(['s1', undefined])
    end(bound)
    expect([free.server?.id, line.length]).toEqual(['s1', 0])
  })

  test('waits for one that drains, although that takes nobody else', () => {
    start([1])
    const busy = enter(at(0))
    balancer.setAdmin(balancer.servers[0], 'drain')
    const bound = enter(at(0))
    expect(line.enter(new Request())).toBe('no_server')
    end(busy)
    expect(bound.server?.id).toBe('s0')
  })

  test('who leaves the line does not count any more', () => {
    enter(at(0))
    const bound = enter(at(0))
    expect([line.leave(bound), line.leave(bound), line.length]).toEqual([true, false, 0])
    expect(enter().server?.id).toBe('s1')
  })
})
