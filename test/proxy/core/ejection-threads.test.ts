import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { EJECTION } from './ejection-pool.ts'

describe('threads', () => {
  let clocks: Clock[]
  let balancers: Balancer[]

  beforeEach(() => {
    const buffer = new SharedArrayBuffer(16_384)
    clocks = []
    balancers = [0, 1].map((thread) => {
      const clock = new Clock(1000)
      clocks.push(clock)
      const memory = new Memory(4, { buffer, thread, threads: 2 })
      const strategy = findStrategy('round_robin')!
      const slowStart = { duration: 60_000, aggression: 1, floor: 0.1 }
      const made = new Balancer({
        clock,
        rng: new Rng(1),
        strategy,
        memory,
        ejection: EJECTION,
        slowStart,
      })
      for (const id of ['a', 'b', 'c']) made.add(new Endpoint(id))
      made.tick()
      return made
    })
  })

  function states(id: string): string[] {
    return balancers.map((each) => each.servers.find((server) => server.id === id)!.state)
  }

  function serveIn(thread: number, id: string, outcome: Outcome): void {
    const balancer = balancers[thread]
    for (;;) {
      const server = balancer.acquire(0, 0)!
      balancer.release(server, 0, server.id === id ? outcome : 'aborted')
      if (server.id === id) return
    }
  }

  test('count together, eject together, try one request together, and welcome it back together', () => {
    serveIn(0, 'a', 'error')
    serveIn(1, 'a', 'error')
    serveIn(0, 'a', 'error')
    for (const balancer of balancers) balancer.tick()
    expect(states('a')).toEqual(['ejected', 'ejected'])
    for (const clock of clocks) clock.now += 10_000
    balancers[1].tick()
    balancers[0].tick()
    expect(states('a')).toEqual(['checking', 'checking'])
    const all = [0, 1, 0, 1, 0, 1, 0, 1].map((thread) => balancers[thread].acquire(0, 0)!)
    const trials = all.filter(({ id }) => id === 'a')
    expect(trials).toHaveLength(1)
    const tried = all.indexOf(trials[0]) % 2
    balancers[tried].release(trials[0], 0, 'ok')
    for (const balancer of balancers) balancer.tick()
    expect(states('a')).toEqual(['up', 'up'])
    const weights = balancers.map((each) => each.servers.find(({ id }) => id === 'a')!.weight)
    expect(weights).toEqual([0.1, 0.1])
  })
})
