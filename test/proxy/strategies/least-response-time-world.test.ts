import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { always, good, shareOf, VirtualWorld } from './virtual-world.ts'

/** As in the strategy, but in seconds. */
const DECAY = 10

describe('in a world with a black hole', () => {
  // Nine servers that answer in 100 ms on average and one that fails after 1 ms: the scenario S1 of the lab.
  function world(name: string): [VirtualWorld, Endpoint] {
    const world = new VirtualWorld(name, 1)
    for (let i = 0; i < 9; i++) world.add(new Endpoint(`good-${i}`), good(100))
    const hole = new Endpoint('hole')
    world.add(hole, always(1, 'error'))
    return [world, hole]
  }

  for (const [rate, warm] of [
    [20, 0.18],
    [100, 0.18],
    [400, 0.13],
    [1000, 0.12],
  ]) {
    test(`failing fast attracts about a tenth at ${rate} requests a second, as answering would`, () => {
      const [failing, hole] = world('least_response_time')
      expect(shareOf(failing.run(30, rate), hole)).toBeLessThan(0.25) // While averages are still rough.
      expect(shareOf(failing.run(90, rate), hole)).toBeLessThan(warm)
    })
  }

  test('a server that was fast before it began to fail is not chosen for its past for long', () => {
    const [turning, hole] = world('least_response_time')
    turning.behaves(hole, always(20))
    turning.run(60, 400)
    turning.behaves(hole, always(1, 'refused'))
    turning.run(20, 400)
    expect(shareOf(turning.run(30, 400), hole)).toBeLessThan(0.15)
  })

  test('this world is hard: least connections gives the hole two thirds, two choices a fifth', () => {
    // 68.7 % and 19.9 % by an independent simulation; it shows that this little simulator can be trusted.
    const [argmin, first] = world('least_connections')
    expect(shareOf(argmin.run(120, 400), first)).toBeCloseTo(0.687, 1)
    const [two, second] = world('power_of_two')
    expect(shareOf(two.run(120, 400), second)).toBeCloseTo(0.199, 1)
  })
})

test('a newcomer is not buried under all traffic until its first answer', () => {
  const world = new VirtualWorld('least_response_time', 2)
  for (let i = 0; i < 9; i++) world.add(new Endpoint(`old-${i}`), good(100))
  world.run(30, 400)
  const newcomer = new Endpoint('new')
  world.add(newcomer, always(5000)) // Says nothing for five seconds.
  world.run(2, 400)
  const others = world.balancer.servers.slice(0, 9).map((server) => server.inflight)
  // With a score of 0 until the first answer it would have all 800.
  expect(newcomer.inflight).toBeGreaterThan(0)
  expect(newcomer.inflight).toBeLessThanOrEqual(2 * Math.max(...others))
})

test('a server that turns good again gets its fair share again', () => {
  const world = new VirtualWorld('least_response_time', 3)
  for (let i = 0; i < 4; i++) world.add(new Endpoint(`s${i}`), good(20))
  const [server] = world.balancer.servers
  world.behaves(server, always(3000))
  world.run(30, 200)
  world.behaves(server, good(20))
  world.run(DECAY * Math.log(3000 / 20) + 10, 200)
  expect(shareOf(world.run(30, 200), server)).toBeGreaterThan(0.15) // A quarter would be fair.
})
