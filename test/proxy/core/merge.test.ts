import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeSnapshots } from '../../../proxy/core/merge.ts'
import { OUTCOMES, type Outcome } from '../../../proxy/core/recorder.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { Recorded } from './recorded.ts'

/** Requests of a few threads: which thread, how long, how it ended. */
const traffic = fc.array(
  fc.tuple(
    fc.nat(2),
    fc.double({ min: 0, max: 1e5, noNaN: true }),
    fc.constantFrom<Outcome>(...OUTCOMES),
  ),
  { maxLength: 80 },
)

/** What can be added up only to within rounding. */
function rounded(snapshot: Snapshot): unknown {
  const text = JSON.stringify(snapshot, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  )
  return JSON.parse(text)
}

test('what three recorders saw is what one would have seen of everything', () => {
  fc.assert(
    fc.property(traffic, (traffic) => {
      const whole = new Recorded()
      const parts = [new Recorded(), new Recorded(), new Recorded()]
      for (const [thread, latency, outcome] of traffic) {
        const { series, balancer } = parts[thread]
        series.request(latency, 3, outcome)
        whole.series.request(latency, 3, outcome)
        balancer.servers.forEach((server, i) => {
          series.attempt(server, latency + i, outcome)
          whole.series.attempt(whole.balancer.servers[i], latency + i, outcome)
        })
      }
      for (const world of [whole, ...parts]) world.clock.now += 700
      const [first, ...others] = parts.map(({ series }) => series.total())
      expect(rounded(mergeSnapshots(first, others))).toEqual(rounded(whole.series.total()))
    }),
  )
})

test('picks and due shares add up, each recorder weighing as much as it picked', () => {
  const [one, other] = [new Recorded(), new Recorded()]
  const [a, b] = one.balancer.servers
  for (let i = 0; i < 8; i++) one.serve(1)
  one.balancer.setHealthy(b, false)
  for (let i = 0; i < 2; i++) one.serve(1)
  other.balancer.setHealthy(other.balancer.servers[0], false)
  for (let i = 0; i < 10; i++) other.serve(1)
  for (const { balancer } of [one, other]) balancer.tick()
  const merged = mergeSnapshots(one.series.total(), [other.series.total()])
  expect(a.state).toBe('up')
  expect(merged.servers.map(({ picks, share, dueShare }) => [picks, share, dueShare])).toEqual([
    [8, 0.4, 0.4],
    [12, 0.6, 0.6],
  ])
})

test('the base says how servers are and what happened to them, and which servers there are', () => {
  const [one, other] = [new Recorded(), new Recorded()]
  one.balancer.setHealthy(one.balancer.servers[0], false, 'connect refused')
  one.balancer.remove(one.balancer.servers[1])
  other.serve(1)
  for (const world of [one, other]) world.pass(1000)
  const merged = mergeSnapshots(one.seconds[0], [other.seconds[0]])
  expect(merged.servers.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['a', 'down', 'connect refused'],
  ])
  expect(merged.events).toEqual(one.seconds[0].events)
  expect(merged.events).toHaveLength(2)
  expect(merged.requests.count).toBe(1)
})

test('where nobody saw anything there is nothing to say', () => {
  const [one, other] = [new Recorded(), new Recorded()]
  const merged = mergeSnapshots(one.series.total(), [other.series.total()])
  expect(merged).toEqual(one.series.total())
})
