import fc from 'fast-check'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { roughPlans } from '../steps.ts'
import { play } from '../world.ts'

export const conservation: Law = {
  id: 'conservation',
  title: 'leaves nothing in flight when every request has ended',
  why: 'A leaked count is the classic bug of balancers: the server looks busy for ever.',
  concerns: () => true,
  check(subject, trial) {
    const examples = fc.tuple(roughPlans, fc.constantFrom(...OUTCOMES))
    examine(trial, examples, ([plan, outcome], story) => {
      const world = play(subject, plan, { lax: true }, story)
      world.drain(10, outcome)
      for (const { id, inflight, removed, slot } of world.members) {
        if (inflight !== 0) found(`${id} still has ${inflight} requests in flight`)
        if (removed && slot >= 0) found(`${id} was removed and still has a slot`)
      }
    })
  },
}
