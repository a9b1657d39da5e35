import { DASHES, lookOf } from '../../charts/palette.ts'
import type { Theme } from '../../plots/theme.ts'
import { tick } from '../../shell/words.ts'

/** A time at an axis: no more digits than it has. */
export function spanTick(value: number): string {
  return value < 1000 ? `${tick(value)} ms` : `${tick(value / 1000)} s`
}

/** A line of a lane, in the strategy's own colour and stroke; of two lanes of one strategy the second is dashed otherwise. */
export interface Stroke {
  readonly colour: string
  readonly dash: number[]
}

/** `strategies`: by their names in the registry, one a lane. */
export function strokeOf(theme: Theme, strategies: readonly string[], place: number): Stroke {
  const name = strategies[place]
  const { colour, dash } = lookOf(name)
  const before = strategies.slice(0, place).filter((each) => each === name).length
  const strokes = DASHES[(dash + before) % DASHES.length]
  return {
    colour: theme.series[colour] ?? theme.text,
    dash: strokes === '' ? [] : strokes.split(' ').map(Number),
  }
}
