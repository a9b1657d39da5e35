import { computed, effect, signal } from '@preact/signals'
import { meanRate } from '../../simulator/arrivals.ts'
import { meanService } from '../../simulator/offered-load.ts'
import type { EventSpec, Scenario } from '../../simulator/scenario.ts'
import { TO_WATCH } from './presets/to-watch.ts'
import type { Preset } from './presets/preset.ts'
import { withoutLog } from './log/replay-scenario.ts'
import type { ReplayedLog } from './log/replayed-log.ts'
import { RacePlayer } from './race-player.ts'
import { type Linked, type LogNote, readLink, writeLink } from './setup/link.ts'
import { checkSetup, contendersOf, MOST_LANES, type Setup } from './setup/setup.ts'

const REPS = 10

/** How long a request that does not wait should be seen, in milliseconds of the screen; … */
const TO_BE_SEEN = 600
/** … but so many should come in a second of it. */
const TO_COME = 4

/** What the page knows: the setup, the race of it, and what is wrong. All of it in one place, so that a link can say it. */
export const setup = signal<Setup>(setupOf(TO_WATCH[0]))
export const player = new RacePlayer()
/** What was asked for and cannot be, in words. */
export const problem = signal<string | undefined>(undefined)
/** A link that could not be read. */
export const brokenLink = signal<string | undefined>(undefined)
/** Recorded requests that are replayed, if any are. */
export const log = signal<ReplayedLog | undefined>(undefined)
/** The log that the link was made of, and that is not here. */
export const missingLog = signal<LogNote | undefined>(undefined)
/** Counts what began anew: studies of before are of something else. */
export const generation = signal(0)

export const contenders = computed(() => contendersOf(setup.value))
/** By their names in the registry, one a lane. */
export const strategyNames = computed(() =>
  contenders.value.map(({ spec }) => (typeof spec === 'string' ? spec : spec.name)),
)
/** How long a request takes that does not wait, in milliseconds. */
export const unit = computed(() => {
  const service = meanService(setup.value.scenario)
  return Number.isFinite(service) && service > 0 ? service : 1
})

function setupOf({ scenario, strategies }: Preset): Setup {
  return { scenario, strategies, reps: REPS }
}

/** From the link, or what was there; tells no other way what is wrong with it. */
export async function begin(): Promise<void> {
  player.onAmended = remember
  await follow()
  addEventListener('hashchange', () => void follow())
  effect(() => {
    void setup.value
    void missingLog.value
    void keepLink()
  })
}

/** The link that this page wrote last: it need not be read. */
let written = ''

async function follow(): Promise<void> {
  if (location.hash === written && written !== '') return
  const found = await readLink(location.hash)
  brokenLink.value = undefined
  missingLog.value = undefined
  if (found !== undefined && 'problems' in found) {
    brokenLink.value = found.problems.join('; ')
    restart(setupOf(TO_WATCH[0]))
  } else {
    const { log, ...rest }: Linked = found ?? setupOf(TO_WATCH[0])
    missingLog.value = log
    restart(rest)
  }
  player.play()
}

export const link = signal('')

async function keepLink(): Promise<void> {
  const now = setup.value
  const scenario = withoutLog(now.scenario)
  if (scenario === undefined) {
    link.value = ''
    return
  }
  const note = isRecorded(now.scenario) ? log.peek()?.replay : missingLog.peek()
  const hash = await writeLink({ ...now, scenario, ...(note !== undefined && { log: note }) })
  if (now !== setup.peek()) return
  written = hash
  link.value = hash
  if (brokenLink.peek() === undefined && location.hash !== hash)
    history.replaceState(null, '', hash)
}

/** What was recorded stays on this computer: a link can name it, but not carry it. */
export function isRecorded({ arrivals, work }: Scenario): boolean {
  return arrivals.type === 'trace' || work.type === 'recorded'
}

/** Another setup: the race begins anew. Says false, and why, if it cannot be. */
export function restart(next: Setup): boolean {
  const checked = checkSetup(next)
  if ('problems' in checked) {
    problem.value = checked.problems.join('; ')
    return false
  }
  problem.value = undefined
  const old = setup.peek().scenario
  if (!isRecorded(checked.scenario)) log.value = undefined
  setup.value = checked
  generation.value++
  player.start(checked.scenario, contendersOf(checked))
  if (old.name !== checked.scenario.name || player.frames.peek() === undefined) {
    player.speed.value = seenSpeed()
  }
  return true
}

/** The slowest that people can follow, of those on offer; not so slow that they wait for something to happen. */
function seenSpeed(): number {
  const { arrivals, duration } = setup.peek().scenario
  const rate = arrivals.type === 'closed' ? Infinity : meanRate(arrivals, duration)
  const wanted = Math.max(unit.peek() / TO_BE_SEEN, TO_COME / rate)
  return SPEEDS.findLast((speed) => speed <= wanted * 1.5) ?? SPEEDS[0]
}

export const SPEEDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const

export function changeScenario(scenario: Scenario): boolean {
  brokenLink.value = undefined
  return restart({ ...setup.peek(), scenario })
}

export function changeStrategies(strategies: readonly string[]): boolean {
  brokenLink.value = undefined
  return restart({ ...setup.peek(), strategies: strategies.slice(0, MOST_LANES) })
}

export function choose(preset: Preset): void {
  brokenLink.value = undefined
  missingLog.value = undefined
  if (restart(setupOf(preset))) player.play()
}

/** What happened on the way is part of the scenario from now on; the race has it already. */
function remember(event: EventSpec): void {
  const { scenario } = setup.peek()
  setup.value = {
    ...setup.peek(),
    scenario: { ...scenario, events: [...(scenario.events ?? []), event] },
  }
  generation.value++
}
