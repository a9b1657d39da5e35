import { createHash } from 'node:crypto'
import { parse } from 'yaml'
import { writePath } from '../../proxy/core/problems.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { Findings } from '../../simulator/check/findings.ts'
import { distribution } from '../../simulator/check/work.ts'
import type { DistributionSpec } from '../../simulator/distributions.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Replay } from '../../simulator/study/replay.ts'
import { type Trace, TraceCollector } from '../../simulator/trace/collector.ts'
import { TraceFormatError } from '../../simulator/trace/errors.ts'
import { Inspection, type InspectionFigures } from '../../simulator/trace/inspection.ts'
import { type ReaderOptions, TraceReader } from '../../simulator/trace/reader.ts'
import { Reorder } from '../../simulator/trace/reorder.ts'
import { Spread } from '../../simulator/trace/spread.ts'
import type { WorkSpec } from '../../simulator/work.ts'
import { plural } from '../../simulator/format.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { type ReadFlags, readerOptions } from '../trace/options.ts'
import { nameOf, readInto, TraceFileError, whyUnusable } from '../trace/read.ts'
import { WrongInput } from './wrong-input.ts'

export interface ReplayFlags extends ReadFlags {
  readonly trace: string
  readonly speed?: number
  readonly spread?: true
  readonly servers?: number
}

/**
 * A scenario that replays a trace: its times, keys and, unless `--work` says otherwise, its work, in place of those of `base`. Throws
 * `WrongInput`; undefined if somebody does not want to wait.
 */
export async function replayOf(
  base: Scenario,
  flags: ReplayFlags,
  interrupt: Interrupt,
): Promise<{ scenario: Scenario; replay: Replay } | undefined> {
  const drawn = distributionOf(flags.work)
  const given = readerOptions(flags)
  const options = drawn === undefined ? given : { ...given, work: undefined }
  const read = await collect(base, options, flags, interrupt)
  if (read === undefined) return undefined
  const { figures, trace } = read
  const { speed = 1 } = flags
  const { work, missing } = workOf(trace, drawn, flags.trace)
  const times = trace.times
  // The last request arrives, too: time ends just behind it.
  const duration = Math.floor(times[times.length - 1] / speed) + 1
  const warnings = [
    ...figures.warnings
      .map((warning) => warning.replace('--spread of convert', '--spread'))
      .filter((warning) => flags.spread !== true || !warning.includes('--spread')),
    ...(figures.bad > 0
      ? [`${plural(figures.bad, 'line')} could not be read, and are left out`]
      : []),
    ...(missing > 0
      ? [`${plural(missing, 'request')} without a service time count as the mean of the others`]
      : []),
    ...(flags.work === undefined ? [TIMED] : []),
  ]
  const { keys: _, ...rest } = base
  return {
    scenario: {
      ...rest,
      name: nameOf(flags.trace),
      duration,
      arrivals: { type: 'trace', times, speed },
      work,
      ...(trace.keys !== undefined && { keys: { type: 'hashes', hashes: trace.keys } }),
    },
    replay: {
      name: nameOf(flags.trace),
      requests: trace.count,
      sha256: hashOf(trace),
      speed,
      spread: flags.spread === true,
      work: drawn,
      timed: flags.work === undefined,
      warnings,
    },
  }
}

/** Nothing in a log tells the one from the other. */
const TIMED =
  'a service time in a log includes waiting in the server: taken for work, as here, it overstates the load wherever that was ' +
  'busy. Say what the work is (--work), or replay with a scenario whose servers have as many workers as yours'

interface Read {
  readonly trace: Trace
  readonly figures: InspectionFigures
}

async function collect(
  { seed }: Scenario,
  options: ReaderOptions,
  flags: ReplayFlags,
  interrupt: Interrupt,
): Promise<Read | undefined> {
  try {
    const collector = new TraceCollector()
    const inspection = new Inspection()
    const spread =
      flags.spread === true
        ? new Spread(new Rng(seed).fork('spread'), (entry) => collector.add(entry))
        : undefined
    const order = new Reorder((entry) => (spread ?? collector).add(entry))
    const reader = new TraceReader(options, (entry) => {
      inspection.add(entry)
      order.add(entry)
    })
    const whole = await readInto(reader, flags.trace, { interrupt })
    if (!whole) return undefined
    order.end()
    spread?.end()
    const fault = whyUnusable(reader, flags.trace, flags.maxBad)
    if (fault !== undefined) throw new WrongInput(fault)
    return { trace: collector.finish(), figures: inspection.figures(reader) }
  } catch (error) {
    if (error instanceof TraceFileError || error instanceof TraceFormatError) {
      throw new WrongInput(error.message)
    }
    throw error
  }
}

/** `--work '{type: exponential, mean: 10ms}'` is no expression over columns. */
function distributionOf(work: string | undefined): DistributionSpec | undefined {
  if (work?.startsWith('{') !== true) return undefined
  let given: unknown
  try {
    given = parse(work)
  } catch (error) {
    throw new WrongInput(`--work: ${(error as Error).message.split('\n')[0]}`)
  }
  const findings = new Findings()
  const spec = distribution.read(given, [], findings) as DistributionSpec
  if (findings.count === 0) return spec
  const faults = findings.problems.map(({ path, text }) => `${writePath(path, '--work')} ${text}`)
  throw new WrongInput(faults.join('\n'))
}

function workOf(
  { work }: Trace,
  drawn: DistributionSpec | undefined,
  file: string,
): { work: WorkSpec; missing: number } {
  if (drawn !== undefined) return { work: drawn, missing: 0 }
  if (work === undefined) {
    throw new WrongInput(
      `${nameOf(file)} does not say how long requests take: say it with --work, as milliseconds made of its ` +
        `columns ("2+bytes/5000") or as a distribution ("{type: exponential, mean: 10}")`,
    )
  }
  let sum = 0
  let known = 0
  for (const value of work) {
    if (Number.isNaN(value)) continue
    sum += value
    known++
  }
  const values = work.map((value) => (Number.isNaN(value) ? sum / known : value))
  return { work: { type: 'recorded', values }, missing: work.length - known }
}

function hashOf({ keys, times, work }: Trace): string {
  const hash = createHash('sha256').update(times)
  if (keys !== undefined) hash.update(keys)
  if (work !== undefined) hash.update(work)
  return hash.digest('hex')
}
