import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { always, good, shareOf, VirtualWorld } from './virtual-world.ts'

describe('in a world with a black hole', () => {
  // Nine servers that answer in 100 ms on average and one that fails after 1 ms: the scenario S1 of the lab.
  for (const rate of [20, 100, 400, 1000]) {
    test(`failing fast attracts no more than its share at ${rate} requests a second`, () => {
      const world = new VirtualWorld('peak_ewma', 1)
      for (let i = 0; i < 9; i++) world.add(new Endpoint(`good-${i}`), good(100))
      const hole = new Endpoint('hole')
      world.add(hole, always(1, 'error'))
      world.run(30, rate)
      // Two choices, without a memory of failures, give it a fifth.
      expect(shareOf(world.run(90, rate), hole)).toBeLessThan(0.1)
    })
  }
})

test('a newcomer is not buried under all traffic until its first answer', () => {
  const world = new VirtualWorld('peak_ewma', 2)
  for (let i = 0; i < 9; i++) world.add(new Endpoint(`old-${i}`), good(100))
  world.run(30, 400)
  const newcomer = new Endpoint('new')
  world.add(newcomer, always(5000)) // Says nothing for five seconds.
  world.run(2, 400)
  expect(newcomer.inflight).toBeGreaterThan(0)
  expect(newcomer.inflight).toBeLessThan(40)
})

test('a server that stood still once gets its fair share again', () => {
  const world = new VirtualWorld('peak_ewma', 3)
  for (let i = 0; i < 5; i++) world.add(new Endpoint(`s${i}`), always(20))
  const [server] = world.balancer.servers
  world.run(10, 200)
  world.behaves(server, always(3000))
  world.run(3, 200)
  world.behaves(server, always(20))
  expect(shareOf(world.run(10, 200), server)).toBeLessThan(0.02)
  world.run(10 * Math.log(3000 / 20), 200) // Seconds until it is forgiven.
  expect(shareOf(world.run(30, 200), server)).toBeGreaterThan(0.15) // A fifth would be fair.
})
