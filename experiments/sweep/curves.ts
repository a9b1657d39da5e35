import type { Standing } from '../../simulator/study/comparison.ts'
import type { Study } from '../../simulator/study/study.ts'
import type { Judge } from './formats.ts'
import type { Cell } from './plan.ts'
import { flat } from './vary.ts'
import { leadersOf, metricOf } from './winners.ts'

/** One variation of one scenario, and what was found there. */
export interface Outcome {
  readonly cell: Cell
  readonly found: Study
}

interface Point {
  readonly value: unknown
  readonly standings: readonly Standing[]
  /** The best, and who cannot be told from it. */
  readonly leaders: readonly string[]
}

/** How a figure goes with one thing that is varied, while all else stays. */
export interface Curve {
  readonly scenario: string
  readonly axis: string
  readonly judge: Judge
  /** The others that are varied, and what they are here. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** By value, where all of them are numbers; else as they were given. */
  readonly points: readonly Point[]
  readonly numeric: boolean
}

/** For each scenario, and each thing that is varied, a curve for each setting of the others. */
export function curvesOf(outcomes: readonly Outcome[], judge: Judge): Curve[] {
  const curves = new Map<string, Curve & { points: Point[] }>()
  for (const { cell, found } of outcomes) {
    // Somebody did not want to wait.
    if (found.standings.length === 0) continue
    const { name } = found.scenario
    for (const axis of Object.keys(cell.vary)) {
      const { [axis]: value, ...fixed } = cell.vary
      const key = JSON.stringify([name, axis, fixed])
      const curve = curves.get(key) ?? {
        scenario: name,
        axis,
        judge,
        fixed,
        points: [],
        numeric: true,
      }
      const leaders = leadersOf(found, judge).map(({ label }) => label)
      curve.points.push({ value, standings: found.standings, leaders })
      curves.set(key, curve)
    }
  }
  return [...curves.values()]
    .filter(({ points }) => points.length > 1)
    .map((curve) => {
      const numeric = curve.points.every(({ value }) => typeof value === 'number')
      const points = numeric
        ? curve.points.toSorted((a, b) => (a.value as number) - (b.value as number))
        : curve.points
      return { ...curve, points, numeric }
    })
}

/** `p99 over arrivals.rate, with servers[0].speed=0.5` */
export function titleOf({ axis, fixed, judge }: Curve): string {
  const others = Object.entries(fixed).map(([name, value]) => `${name}=${flat(value)}`)
  const beside = others.length === 0 ? '' : `, with ${others.join(', ')}`
  return `${metricOf(judge).title} over ${axis}${beside}`
}

/** Who is best where: `up to 200/s least_connections is best; from 240/s on power_of_two is better`. */
export function turnsOf({ axis, judge, numeric, points }: Curve): string {
  const by = `By ${metricOf(judge).title},`
  if (!numeric) {
    const where = points.map(({ leaders, value }) => `with ${flat(value)} ${who(leaders)}`)
    return `${by} ${where.join('; ')}.`
  }
  const unit = /(?:^|\.)rate$/.test(axis) ? '/s' : ''
  const stretches: { leaders: readonly string[]; from: string; to: string }[] = []
  for (const { leaders, value } of points) {
    const at = `${String(value)}${unit}`
    const last = stretches.at(-1)
    if (last !== undefined && same(last.leaders, leaders)) last.to = at
    else stretches.push({ leaders, from: at, to: at })
  }
  if (stretches.length === 1) {
    const [{ from, leaders, to }] = stretches
    return `${by} ${who(leaders)} all the way from ${from} to ${to}.`
  }
  const words = stretches.map(({ from, leaders, to }, i) => {
    if (i === 0) return `${from === to ? 'at' : 'up to'} ${to} ${who(leaders)}`
    if (i === stretches.length - 1) return `from ${from} on ${who(leaders, 'better')}`
    return `${from === to ? `at ${to}` : `from ${from} to ${to}`} ${who(leaders, 'better')}`
  })
  return `${by} ${words.join('; ')}.`
}

function who(leaders: readonly string[], word = 'best'): string {
  if (leaders.length === 0) return 'nobody settles'
  if (leaders.length === 1) return `${leaders[0]} is ${word}`
  return `${leaders.slice(0, -1).join(', ')} and ${leaders.at(-1)} cannot be told apart`
}

/** In whatever order: of two that cannot be told apart, now one and now the other is ahead. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each))
}
