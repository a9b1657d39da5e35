import { assumed } from '../../simulator/infer/assumed.ts'
import { BOUNDS } from '../../simulator/infer/bounds.ts'
import { estimate, type Estimate } from '../../simulator/infer/estimate.ts'
import { busiestPart } from '../../simulator/infer/part.ts'
import { type ServerFacts, serversOf, type World } from '../../simulator/infer/rebuild.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { type Calibration, calibrating, whyNot } from './calibrating.ts'
import { type Facts, factsOf, usualPolicy } from './facts.ts'
import { type Forecast, forecast, type Seen } from './forecast.ts'
import { type Headroom, headroom } from './headroom.ts'
import { type Knowledge, knowledgeOf } from './knowledge.ts'
import type { Bound, PlanFlags } from './options.ts'
import { type Player, Stopped } from './player.ts'
import { type Candidate, changed, changesOf, contenderOf, factoryOf } from './pools.ts'
import { type ReadLog, readBook } from './read-book.ts'

/** Everything that there is to tell. */
export interface Found {
  readonly log: ReadLog
  readonly estimate: Estimate
  readonly current: string
  readonly changes: readonly string[]
  readonly knowledge: Knowledge
  /** Undefined where there was nothing to calibrate with, or no time. */
  calibration: Calibration | undefined
  /** Why nothing is told of other strategies; those may be told all the same. */
  doubts: readonly string[]
  refused: boolean
  interrupted: boolean
  /** What ran, first, and what could. */
  readonly forecasts: Forecast[]
  readonly headrooms: Headroom[]
  bound: Bound | undefined
  /** How many requests `headrooms` are about, where those are not all. */
  stressed: number
}

/** For other worlds, of which there are many; the busiest of a log. */
const MOST_STRESSED = 100_000

/** Throws `WrongInput`; undefined if somebody does not want to wait for the log to be read. */
export async function planning(
  file: string,
  flags: PlanFlags,
  interrupt: Interrupt,
  player: Player,
): Promise<Found | undefined> {
  const facts = flags.config === undefined ? undefined : factsOf(flags.config)
  const claimed = contenderOf(flags.current ?? facts?.strategy ?? ask())
  const proposed = (flags.strategy ?? []).map(contenderOf)
  const log = await readBook(file, flags, interrupt)
  if (log === undefined) return undefined
  const { book } = log
  const all = book.tries.count > 0 ? estimate(book) : guessed(log, flags)
  if (all.works.length === 0)
    throw new WrongInput(`${log.name} does not say how long requests took`)
  const world = worldOf(all, facts)
  const before = serversOf(world)
  const after = changed(before, flags)
  const strategy = await factoryOf(claimed, before)
  const changes = changesOf(flags)
  const found: Found = {
    log,
    estimate: all,
    current: claimed.label,
    changes,
    knowledge: knowledgeOf(log, all, facts !== undefined, notesOf(all, facts)),
    calibration: undefined,
    doubts: [],
    refused: false,
    interrupted: false,
    forecasts: [],
    headrooms: [],
    bound: flags.bound,
    stressed: Math.min(MOST_STRESSED, book.count),
  }
  const now: Candidate = { label: claimed.label, strategy, servers: before, rate: 1 }
  const candidates: Candidate[] = []
  for (const each of [...(changes.length > 0 ? [claimed] : []), ...proposed]) {
    // The same as now is no proposal.
    if (changes.length === 0 && each.label === claimed.label) continue
    const made = each === claimed ? strategy : await factoryOf(each, after)
    const label = [each.label, ...changes].join(', ')
    if (candidates.some((other) => other.label === label)) continue
    candidates.push({ label, strategy: made, servers: after, rate: flags.rate })
  }
  try {
    await judge(found, world, now, flags, player)
    if (!found.refused || flags.anyway === true) {
      await foretell(found, world, [now, ...candidates], flags, player)
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    found.interrupted = true
  }
  return found
}

function ask(): never {
  throw new WrongInput(
    'which strategy ran when the log was written? --current least_connections, or --config lb.yaml',
  )
}

const POLICY =
  'weights, limits, retries and checks were taken as the proxy has them by itself: --config says what they were'

/** Can the copy do what was done? */
async function judge(
  found: Found,
  world: World,
  { label, strategy }: Candidate,
  flags: PlanFlags,
  player: Player,
): Promise<void> {
  const { book } = found.log
  const why = whyNot(book, world.estimate)
  if (why !== undefined) {
    found.doubts = [why]
    found.refused = true
    return
  }
  const { maxP50 = BOUNDS.p50, maxP99 = BOUNDS.p99, maxShare = BOUNDS.share } = flags
  const p95 = Math.max(BOUNDS.p95, (maxP50 + maxP99) / 2)
  const bounds = { ...BOUNDS, p50: maxP50, p95, p99: maxP99, share: maxShare }
  const claim = { label, strategy }
  found.calibration = await calibrating(book, world, claim, bounds, flags.reps, player)
  found.refused = !found.calibration.passed
  const policy = found.refused && flags.config === undefined ? [POLICY] : []
  found.doubts = [...found.calibration.reasons, ...policy]
}

async function foretell(
  found: Found,
  world: World,
  [now, ...others]: readonly Candidate[],
  flags: PlanFlags,
  player: Player,
): Promise<void> {
  const { book } = found.log
  const { reps, seed } = flags
  const all = [now, ...others]
  player.expected += all.length * reps
  const forecaster = { book, world, reps, seed, player }
  const first: Seen = await forecast(forecaster, now)
  found.forecasts.push(first.forecast)
  const off = Math.abs(found.calibration?.checked.find(({ key }) => key === 'p99')?.error ?? 0)
  const base = { candidate: now, blocks: first.blocks, off }
  for (const each of others) {
    found.forecasts.push((await forecast(forecaster, each, base)).forecast)
  }
  if (!flags.headroom) return
  // Twice of now, unless somebody says what is too slow.
  found.bound ??= {
    key: 'p99',
    quantile: 0.99,
    below: rounded(2 * first.forecast.ranges.p99.value),
  }
  const part = busiestPart(book, world.estimate, MOST_STRESSED)
  const stress = { book: part.book, world: { ...world, estimate: part.estimate }, seed, player }
  for (const each of all) {
    found.headrooms.push(await headroom({ ...stress, bound: found.bound }, each))
  }
}

function worldOf(found: Estimate, facts: Facts | undefined): World {
  return {
    estimate: found,
    facts: facts?.servers ?? new Map<string, ServerFacts>(),
    policy: facts?.policy ?? usualPolicy(),
  }
}

function guessed({ book, name }: ReadLog, { servers, workers = Infinity }: PlanFlags): Estimate {
  if (servers !== undefined) return assumed(book, servers, workers)
  throw new WrongInput(
    `${name} does not say which server answered: say how many there were with --servers 3, and what each can do at a time with --workers 8`,
  )
}

/** Servers of which only one of both sources knows. */
function notesOf({ servers }: Estimate, facts: Facts | undefined): string[] {
  if (facts === undefined) return []
  const ids = servers.map(({ id }) => id)
  const idle = [...facts.servers.keys()].filter((id) => !ids.includes(id))
  const strange = ids.filter((id) => !facts.servers.has(id))
  return [
    ...facts.notes,
    ...(idle.length > 0
      ? [`how fast ${idle.join(', ')} would be: configured, but not in the log, so left out`]
      : []),
    ...(strange.length > 0
      ? [`weights of ${strange.join(', ')}: in the log, but not configured, so 1`]
      : []),
  ]
}

/** Two digits, up. */
function rounded(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1)
  return Number((Math.ceil(value / unit) * unit).toPrecision(2))
}
