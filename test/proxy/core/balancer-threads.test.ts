import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/** The balancers of three threads over one memory, played by one thread: whatever is shown here, it is no race. */
let buffer: SharedArrayBuffer
let balancers: Balancer[]

function join(thread: number, strategy: string, servers: readonly Endpoint[] = []): Balancer {
  const memory = new Memory(4, { buffer, thread, threads: 3 })
  const factory = findStrategy(strategy)!
  const balancer = new Balancer({
    clock: new Clock(),
    rng: new Rng(1),
    strategy: factory,
    memory,
  })
  for (const server of servers) balancer.add(server)
  return balancer
}

function start(strategy: string, options: { max?: number } = {}): void {
  buffer = new SharedArrayBuffer(8192)
  const servers = (): Endpoint[] => ['a', 'b', 'c'].map((id) => new Endpoint(id, options))
  balancers = [0, 1, 2].map((thread) => join(thread, strategy, servers()))
}

function inflight(balancer: Balancer): number[] {
  return balancer.servers.map((server) => server.inflight)
}

describe('in turn', () => {
  beforeEach(() => start('round_robin'))

  test('threads take turns of one round, whoever asks', () => {
    const picked = [0, 0, 1, 2, 1, 0, 2, 2, 2].map((thread) => balancers[thread].acquire(0, 0)!.id)
    const round = picked.slice(0, 3)
    expect(round.toSorted()).toEqual(['a', 'b', 'c'])
    expect(picked).toEqual([...round, ...round, ...round])
  })

  test('a thread that died gives back what it had in flight, and another in its place goes on', () => {
    for (const thread of [0, 1, 1, 1, 2]) balancers[thread].acquire(0, 0)
    balancers[0].forfeit(1)
    expect(inflight(balancers[2]).reduce((a, b) => a + b)).toBe(2)
    const heir = join(1, 'round_robin', [new Endpoint('a'), new Endpoint('b'), new Endpoint('c')])
    expect(inflight(heir)).toEqual(inflight(balancers[0]))
    const picked = [heir, balancers[0], heir, balancers[2]].map((each) => each.acquire(0, 0)!.id)
    expect(picked.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c'])
    expect(picked[3]).toBe(picked[0])
    balancers[0].forfeit(1)
    balancers[0].forfeit(1) // Twice is once.
    expect(inflight(balancers[0]).reduce((a, b) => a + b)).toBe(4)
  })
})

describe('a limit', () => {
  beforeEach(() => start('least_connections', { max: 2 }))

  test('holds over all threads, and a place that is free again is free for all', () => {
    const taken = [0, 1, 2, 0, 1, 2].map((thread) => balancers[thread].acquire(0, 0)!)
    expect(inflight(balancers[0])).toEqual([2, 2, 2])
    for (const balancer of balancers) expect(balancer.acquire(0, 0)).toBeUndefined()
    balancers[0].release(taken[0], 1, 'ok')
    expect(balancers[2].acquire(0, 0)?.id).toBe(taken[0].id)
    for (const balancer of balancers) expect(balancer.acquire(0, 0)).toBeUndefined()
  })

  test('is not exceeded by one who does not know yet that others have filled the server', () => {
    const [one, other] = balancers
    one.tick()
    // As if the other had counted and not yet told: what it told is undone.
    const crowd = (other as unknown as { inflight: { crowd: Int32Array } }).inflight.crowd
    for (let i = 0; i < 5; i++) other.acquire(0, 0)
    crowd[0] = 0
    expect(one.acquire(0, 0)).toBeDefined()
    expect(one.acquire(0, 0)).toBeUndefined()
    expect(inflight(one)).toEqual([2, 2, 2])
  })
})

describe('membership', () => {
  beforeEach(() => start('round_robin'))

  test('each thread lets go of a server when it has nothing in flight there itself', () => {
    const [one, other, third] = balancers
    const [mine, theirs] = [one.acquire(0, 0)!, one.acquire(0, 0)!]
    const id = mine.id
    const gone = balancers.map((each) => each.servers.find((server) => server.id === id)!)
    balancers.forEach((each, i) => each.remove(gone[i]))
    expect(gone.map(({ slot }) => slot >= 0)).toEqual([true, false, false])
    const slot = mine.slot
    expect(third.vacantSlot).toBe(3) // The one that still holds it keeps the slot.
    one.release(mine, 1, 'ok')
    expect(gone[0].slot).toBe(-1)
    expect(third.vacantSlot).toBe(slot)
    one.release(theirs, 1, 'ok')
    const fresh = balancers.map((each) => {
      const server = new Endpoint('d')
      each.add(server, slot)
      return server
    })
    other.acquire(0, 0)
    other.acquire(0, 0)
    other.acquire(0, 0)
    expect(fresh.map((server) => server.inflight)).toEqual([1, 1, 1])
  })
})
