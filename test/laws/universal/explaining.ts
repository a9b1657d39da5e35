import { Memory } from '../../../proxy/core/memory.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject } from '../law.ts'
import { type Plan, roughPlans } from '../steps.ts'
import { letter, World } from '../world.ts'

/** Enough for any strategy and twelve slots. */
const BYTES = 1 << 22

/** A strategy that can tell how it picks has to tell the truth, and must not pick otherwise because it was asked. */
export const explaining: Law = {
  id: 'explaining',
  title: 'tells of a pick what it comes to, and is not moved by telling',
  why: 'Who asks why a request went where it went wants the reason, not another story; and nobody should pay for his asking.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    examine(trial, roughPlans, (plan, story) => {
      const told = tell(plan, new World(subject, {}, story))
      const silent = new World(subject).begin(plan.servers).play(plan.steps)
      const first = silent.picks.findIndex((number, i) => number !== told.picks[i])
      if (first >= 0) {
        const [one, other] = [silent.picks[first], told.picks[first]].map((n) => letter(n))
        found(`request ${first + 1} goes to ${one}, but to ${other} when it tells why`)
      }
      unmoved(subject, plan)
    })
  },
}

function tell(plan: Plan, world: World): World {
  const sight = world.balancer.open()
  world.begin(plan.servers)
  for (const step of plan.steps) {
    const before = world.picks.length
    world.step(step)
    if (world.picks.length === before || world.picks.at(-1) === -1) continue
    if (sight.expected < 0 || sight.expected === sight.chosen) continue
    const [told, chosen] = [sight.expected, sight.chosen].map((slot) => sight.names[slot])
    found(`${told} is what it told, ${chosen} what it picked`)
  }
  return world
}

/** All that it keeps in shared memory is the same, byte by byte. */
function unmoved(subject: Subject, plan: Plan): void {
  const [silent, told] = [false, true].map((tells) => {
    const buffer = new SharedArrayBuffer(BYTES)
    const memory = new Memory(12, { buffer, thread: 0, threads: 1 })
    const world = new World(subject, { memory })
    if (tells) tell(plan, world)
    else world.begin(plan.servers).play(plan.steps)
    return Buffer.from(buffer, 0, memory.bytes)
  })
  if (!silent.equals(told)) found('what it keeps is something else when it tells')
}
