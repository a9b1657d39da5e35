import { resolve } from 'node:path'
import { VERSION } from '../../../proxy/admin/version.ts'
import { Interrupt } from '../../live/interrupt.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { didYouMean } from '../../../proxy/core/did-you-mean.ts'
import { wordsOf } from '../../../simulator/study/words.ts'
import { judgeAll } from '../judge-all.ts'
import { MOST_REPS } from '../options.ts'
import { DEFAULT_SEED } from '../verdicts.ts'
import { type Baseline, misfit, readBaseline, saveBaseline } from './baseline.ts'
import type { Entry, Gate } from './gate.ts'
import { type Item, itemsOf, type Outcome, type Part } from './item.ts'
import { judgeAgainst, judgeThreshold } from './judge-runs.ts'
import { type GateOverrides, readGate } from './read-gate.ts'
import { type Ran, runEntry } from './run-entry.ts'
import { runTwins } from './run-twins.ts'
import { repeatOf } from './repeat.ts'
import { judgeShares } from './shares.ts'

export interface GateFlags extends GateOverrides {
  readonly only?: readonly string[]
  readonly law?: readonly string[]
  readonly runs: number
  readonly untilDecided?: true
  readonly maxReps?: number
  readonly baseline?: string
  readonly saveBaseline?: string
  readonly threads?: number
}

/** Holds everything in a gate file to what is asked of it. Throws `WrongInput`. */
export async function checkGate(file: string, flags: GateFlags): Promise<Outcome> {
  const startedAt = performance.now()
  const gate = await readGate(file, flags)
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline)
  const { entries, twins } = chosen(gate, flags.only)
  if (baseline !== undefined) fitting(baseline, flags.baseline!, entries)
  const judged = judgedBy(gate, baseline)
  const looks = flags.untilDecided ? looksOf(gate, flags.maxReps ?? MOST_REPS) : 1
  const confidence = judged === 0 ? 0.95 : 1 - (2 * gate.falseAlarm) / judged / looks
  const interrupt = new Interrupt(() => process.exit(130))
  const all: Ran[] = []
  const parts: Part[] = []
  const unreached: string[] = []
  try {
    const targets = flags.only === undefined ? gate.laws : []
    const trials = { ...flags, seed: flags.seed ?? DEFAULT_SEED }
    const laws = targets.length === 0 ? undefined : await judgeAll(targets, trials, interrupt)
    for (const entry of entries) {
      const part = (ran: Ran): Part => partOf(ran, gate, flags, baseline, confidence)
      const most = flags.untilDecided
        ? Math.max(entry.reps, flags.maxReps ?? MOST_REPS)
        : entry.reps
      // One warm-up for both sides, or pairs would be none.
      const warmup = baseline?.scenarios[entry.name]?.warmup
      const wantsMore = (ran: Ran): boolean => itemsOf({ parts: [part(ran)] }).some(decidable)
      const ran = interrupt.happened
        ? undefined
        : await runEntry(entry, { interrupt, threads: flags.threads }, { most, warmup, wantsMore })
      if (ran === undefined) {
        unreached.push(entry.name)
        continue
      }
      all.push(ran)
      parts.push(part(ran))
    }
    const foretold = twins.length === 0 ? [] : await runTwins(file, twins, interrupt)
    parts.push(...foretold)
    unreached.push(...twins.slice(foretold.length).map(({ name }) => name))
    if (flags.saveBaseline !== undefined && !interrupt.happened) save(flags.saveBaseline, all, gate)
    return {
      file,
      laws,
      parts,
      unreached,
      falseAlarm: gate.falseAlarm,
      judged,
      confidence,
      baseline:
        baseline &&
        `${flags.baseline} of version ${baseline.version}${baseline.version === VERSION ? '' : ` (this is ${VERSION})`}`,
      interrupted: interrupt.happened,
      elapsed: performance.now() - startedAt,
    }
  } finally {
    interrupt.release()
  }
}

/** What is worth waiting for: more of the same would tell. */
function decidable({ more, verdict }: Item): boolean {
  return verdict === 'undecided' && more !== undefined && Number.isFinite(more)
}

/** Everything that is judged by an interval, in all of the file, so that --only comes to the same. */
function judgedBy({ compared, entries }: Gate, baseline: Baseline | undefined): number {
  return entries.reduce((sum, { contenders, name, thresholds }) => {
    const against = baseline?.scenarios[name] === undefined ? 0 : compared.length
    return sum + contenders.length * (thresholds.length + against)
  }, 0)
}

/** How often somebody looks who goes on until it is decided: each look is a chance to be wrong. */
function looksOf({ entries }: Gate, maxReps: number): number {
  return Math.max(
    1,
    ...entries.map(({ reps }) => 1 + Math.ceil(Math.log2(Math.max(1, maxReps / reps)))),
  )
}

function chosen(
  { entries, file, twins }: Gate,
  only: readonly string[] | undefined,
): Pick<Gate, 'entries' | 'twins'> {
  if (only === undefined) return { entries, twins }
  const names = [...entries, ...twins].map(({ name }) => name)
  for (const name of only) {
    if (names.includes(name)) continue
    const meant = didYouMean(name, names)
    throw new WrongInput(
      `${file} has no scenario ${JSON.stringify(name)}: ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`,
    )
  }
  const isAsked = ({ name }: { name: string }): boolean => only.includes(name)
  return { entries: entries.filter(isAsked), twins: twins.filter(isAsked) }
}

function fitting({ scenarios }: Baseline, file: string, entries: readonly Entry[]): void {
  const faults = entries.flatMap(({ name, scenario }) => {
    const known = scenarios[name]
    return known === undefined ? [] : (misfit(known, name, scenario) ?? [])
  })
  if (faults.length > 0) throw new WrongInput(faults.join('\n'))
  if (entries.length === 0 || entries.some(({ name }) => scenarios[name] !== undefined)) return
  throw new WrongInput(
    `the baseline ${file} has none of these scenarios: it has ${Object.keys(scenarios).join(', ')}`,
  )
}

function save(file: string, all: readonly Ran[], { compared }: Gate): void {
  try {
    saveBaseline(resolve(file), all, compared)
  } catch (error) {
    throw new Error(`the baseline cannot be written to ${file}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function partOf(
  ran: Ran,
  gate: Gate,
  flags: GateFlags,
  baseline: Baseline | undefined,
  confidence: number,
): Part {
  const { entry, runs, seeds, settled, warmup } = ran
  const { contenders, name, scenario, shares, thresholds, warnings } = entry
  const known = baseline?.scenarios[name]
  const { compared, slack } = gate
  const repeat = repeatOf(gate.file, name, scenario.seed, seeds.length, flags)
  return {
    name,
    words: wordsOf(scenario),
    notes: [
      ...warnings,
      ...notesOf(
        name,
        known,
        baseline,
        contenders.map(({ label }) => label),
      ),
    ],
    seed: scenario.seed,
    reps: seeds.length,
    real: false,
    warmup,
    standings: contenders.map(({ label }, i) => {
      const found = [
        ...thresholds.map((threshold) =>
          judgeThreshold(threshold, runs[i], settled[i], confidence),
        ),
        ...(shares === undefined ? [] : [judgeShares(shares.off, shares.promises[i], runs[i])]),
        ...(known === undefined
          ? []
          : compared.map((figure) =>
              judgeAgainst(known, label, figure, { confidence, slack }, runs[i], settled[i]),
            )),
      ]
      return { strategy: label, items: found.map((item): Item => ({ ...item, repeat })) }
    }),
  }
}

function notesOf(
  name: string,
  known: Baseline['scenarios'][string] | undefined,
  baseline: Baseline | undefined,
  labels: readonly string[],
): string[] {
  if (baseline === undefined) return []
  if (known === undefined) return [`the baseline does not have ${name}: nothing was compared`]
  const gone = Object.keys(known.strategies).filter((label) => !labels.includes(label))
  return gone.length === 0
    ? []
    : [`the baseline has ${gone.join(', ')} as well, which nobody asked about`]
}
