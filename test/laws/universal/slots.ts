import fc from 'fast-check'
import { SILENT } from '../../../proxy/core/report.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { RewindableRng } from '../rewindable-rng.ts'
import { calmPlans, calmSteps } from '../steps.ts'
import { letter, World } from '../world.ts'

function sameAs(
  expected: readonly number[],
  picks: readonly number[],
  how: string,
  name: (number: number) => string = letter,
): void {
  const first = picks.findIndex((number, i) => number !== expected[i])
  if (first < 0) return
  const [one, other] = [picks[first], expected[first]].map((n) => (n < 0 ? 'nobody' : name(n)))
  found(`request ${first + 1} of the last goes to ${one}, but to ${other} ${how}`)
}

export const usedSlot: Law = {
  id: 'used-slot',
  title: 'does not blame a new server for what the former one in its slot did',
  why: 'Memory is by slot: a newcomer that inherits a bad name gets no traffic, and nobody knows why.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    const examples = fc.tuple(calmPlans, calmSteps)
    examine(trial, examples, ([{ servers, steps }, then], story) => {
      const run = (blamed: boolean, story: string[]): number[] => {
        const plans = [...servers, { weight: 1, max: Infinity }]
        const world = new World(subject, {}, story).begin(plans)
        const former = world.members[servers.length]
        const others = world.members.slice(0, -1)
        world.balancer.tick() // So that the strategy gets to know them at the same time.
        world.play(steps).drain()
        if (blamed) for (let i = 0; i < 5; i++) world.request(i, 1, others)
        world.forget()
        world.wait(5000)
        world.drain(5000, 'error')
        story.push(`${former.id} is removed`)
        world.balancer.remove(former)
        world.add({ weight: 1, max: Infinity })
        const start = world.picks.length
        return world.play(then).picks.slice(start)
      }
      sameAs(run(false, []), run(true, story), 'if the former one had not failed')
    })
  },
}

export const emptySlots: Law = {
  id: 'empty-slots',
  title: 'begins afresh when all servers are new',
  why: 'What is kept of servers that are gone leaks into their successors.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    const examples = fc.tuple(calmPlans, calmSteps)
    examine(trial, examples, ([{ servers, steps }, then], story) => {
      const n = servers.length
      const rng = new RewindableRng(3)
      const name = (number: number): string => letter(number % n)
      const world = new World(subject, { rng, name }, story).begin(servers)
      rng.mark()
      world.play(steps)
      world.hear(world.members[0], { ...SILENT, inflight: 20, latency: 30_000, utilization: 1.5 })
      world.drain()
      world.forget()
      story.push('all servers are removed, and others of the same names added')
      // The last first, so that each of the others gets the slot that it would have in a new world.
      for (const server of world.members.toReversed()) world.balancer.remove(server)
      for (const server of servers) world.add(server)
      rng.rewind()
      const start = world.picks.length
      const picks = world.play(then).picks.slice(start)
      const fresh = new World(subject, { rng: new RewindableRng(3), name })
      fresh.clock.now = world.clock.now
      fresh.begin(servers).play(then)
      const expected = fresh.picks.map((number) => (number < 0 ? number : number + n))
      sameAs(expected, picks, 'in a new world', name)
    })
  },
}
