import { plural } from '../../simulator/format.ts'
import type { Standing } from '../../simulator/study/comparison.ts'
import type { Study } from '../../simulator/study/study.ts'
import { spanOf } from '../../simulator/study/words.ts'
import * as cells from '../sim/cells.ts'
import { sizeOf } from './collect.ts'
import type { Judge } from './formats.ts'
import type { Found } from './report.ts'
import { flat } from './vary.ts'
import { metricOf } from './winners.ts'

/** `Sweep 3f2a91c0d4e5: 60 runs in 3 cells`. */
export function headOf({ outcomes, sweep }: Found): string {
  return `Sweep ${sweep.id}: ${plural(sizeOf(sweep), 'run')}, ${plural(outcomes.length, 'comparison')}`
}

/** `10 seeds, 60 s each, the first 5 s left out` */
export function runsWords({ scenario, seeds }: Study): string {
  const { duration, warmup = 0 } = scenario
  const cut = warmup > 0 ? `, the first ${spanOf(warmup)} left out` : ''
  return `${plural(seeds.length, 'seed')}, ${spanOf(duration)} each${cut}`
}

/** `arrivals.rate=240` */
export function variationWords(vary: Readonly<Record<string, unknown>>): string {
  return Object.entries(vary)
    .map(([name, value]) => `${name}=${flat(value)}`)
    .join(' ')
}

const ALWAYS: readonly Judge[] = ['mean', 'p50', 'p99', 'errors']

/** What tables have, and what is judged by. */
function shownOf(judge: Judge): Judge[] {
  return ALWAYS.includes(judge) ? [...ALWAYS] : [...ALWAYS, judge]
}

export function figureTitles(judge: Judge): string[] {
  return shownOf(judge).map((each) => metricOf(each).title)
}

export function figureCells(standing: Standing, judge: Judge): string[] {
  return shownOf(judge).map((each) => cells.figure(standing.figures, each))
}
