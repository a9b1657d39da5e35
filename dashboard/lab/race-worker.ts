/** A race in a worker, so that the page stays smooth however many requests there are. */
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import type { FromRace, ToRace } from './race-messages.ts'
import { firstDifference } from '../race/first-difference.ts'
import { Race } from '../race/race.ts'

/** Between two looks at the clock that much is run, as a share of the scenario. */
const PORTION = 1 / 2000

let scenario: Scenario
let contenders: readonly Ours[]
let race: Race | undefined
/** Added on the way, for when it begins anew. */
let added: EventSpec[] = []

function say(message: FromRace): void {
  self.postMessage(message)
}

self.addEventListener('message', ({ data }: MessageEvent<ToRace>) => {
  try {
    handle(data)
  } catch (error) {
    say({ kind: 'fault', message: error instanceof Error ? error.message : String(error) })
  }
})

function handle(told: ToRace): void {
  switch (told.kind) {
    case 'start':
      ;({ scenario, contenders } = told)
      added = []
      race = begin()
      break
    case 'go':
      go(told.until, told.budget)
      break
    case 'step':
      step()
      break
    case 'differ':
      differ(told.lanes)
      break
    case 'amend':
      if (race === undefined) return
      added.push(race.amend(told.change))
      say({ kind: 'amended', event: added[added.length - 1] })
  }
  if (race !== undefined) say({ kind: 'frame', frame: race.frame })
}

function begin(): Race {
  return new Race(whole(), contenders)
}

function whole(): Scenario {
  return { ...scenario, events: [...(scenario.events ?? []), ...added] }
}

function step(): void {
  if (race !== undefined) say({ kind: 'decided', lanes: race.step() })
}

function differ(lanes: readonly [number, number]): void {
  const difference = firstDifference(whole(), [contenders[lanes[0]], contenders[lanes[1]]])
  say({ kind: 'differs', difference })
  if (difference === undefined) return
  const { at } = difference
  if (race === undefined || race.now >= at) race = begin()
  // To just before it, and then the step that makes it.
  race.run(Math.max(0, at - 1e-6))
  step()
}

function go(until: number, budget: number): void {
  if (race === undefined) return
  if (until < race.now) race = begin()
  const end = performance.now() + budget
  const portion = scenario.duration * PORTION
  while (race.now < until && !race.over && performance.now() < end) {
    race.run(Math.min(until, race.now + portion))
  }
}
