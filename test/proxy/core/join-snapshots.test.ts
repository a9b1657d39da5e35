import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinSnapshots } from '../../../proxy/core/merge.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { Scene } from '../admin/scene.ts'

/** A scene whose snapshots are kept. */
function record(): { scene: Scene; snapshots: Snapshot[] } {
  const scene = new Scene()
  const snapshots: Snapshot[] = []
  scene.series.listen({ onSnapshot: (snapshot) => snapshots.push(snapshot) })
  scene.admin.close()
  return { scene, snapshots }
}

const request = fc.record({
  latency: fc.double({ min: 0, max: 1e5, noNaN: true }),
  outcome: fc.constantFrom(...OUTCOMES),
})

test('several seconds are what one long second would have shown', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(request, { maxLength: 20 }), { minLength: 1, maxLength: 10 }),
      (seconds) => {
        const { scene, snapshots } = record()
        for (const second of seconds) {
          for (const { latency, outcome } of second) scene.serve(latency, outcome)
          scene.pass(1000)
        }
        const joined = joinSnapshots(snapshots)
        const total = scene.series.total()
        expect(joined.span).toBeCloseTo(total.span, 6)
        expect(joined.requests.rate).toBeCloseTo(total.requests.rate, 6)
        expect(joined.requests.outcomes).toEqual(total.requests.outcomes)
        expect(joined.requests.latency?.p99).toBe(total.requests.latency?.p99)
        total.servers.forEach((server, i) => {
          const mine = joined.servers[i]
          expect(mine.id).toBe(server.id)
          expect(mine.share).toBe(server.share)
          if (server.dueShare === null) expect(mine.dueShare).toBeNull()
          else expect(mine.dueShare).toBeCloseTo(server.dueShare, 9)
          const [ours, theirs] = [mine.attempts.latency, server.attempts.latency]
          for (const key of ['p50', 'p95', 'p99'] as const) expect(ours?.[key]).toBe(theirs?.[key])
        })
      },
    ),
  )
})

test('states are those of the latest second, and who has gone is left out', () => {
  const { scene, snapshots } = record()
  scene.serve(10)
  scene.pass(1000)
  scene.balancer.setHealthy(scene.server('b1'), false, 'connect refused')
  scene.balancer.remove(scene.server('b2'))
  scene.pass(1000)
  const { events, servers } = joinSnapshots(snapshots)
  expect(servers).toMatchObject([{ id: 'b1', state: 'down' }])
  expect(events.map(({ to }) => to).toSorted()).toEqual(['down', 'gone'])
})
