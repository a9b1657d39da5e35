import { examine } from '../examine.ts'
import { type Basic, Finding } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { roughPlans } from '../steps.ts'
import { play } from '../world.ts'

/** Plays rough plans to the end, and looks for one kind of wrong only. */
function watchFor(about: Basic): (subject: Subject, trial: Trial) => void {
  return (subject, trial) =>
    examine(trial, roughPlans, (plan, story) => {
      try {
        play(subject, plan, {}, story)
      } catch (error) {
        if (!(error instanceof Finding) || error.about === about) throw error
      }
    })
}

export const membership: Law = {
  id: 'membership',
  title: 'picks one of the servers it was given last',
  why: 'A request to a server that was removed, failed or full is lost.',
  basic: true,
  concerns: () => true,
  check: watchFor('membership'),
}

export const totality: Law = {
  id: 'totality',
  title: 'always comes back and never throws, whatever the key and the load',
  why: 'An exception in a pick takes the whole proxy down, for every client.',
  basic: true,
  concerns: () => true,
  check: watchFor('totality'),
}

export const handsOff: Law = {
  id: 'hands-off',
  title: 'only reads the list, the servers in it and the counts of requests in flight',
  why: 'They are the balancer’s: one count too many, and a server gets less for ever.',
  basic: true,
  concerns: () => true,
  check: watchFor('hands-off'),
}
