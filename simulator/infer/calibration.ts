import type { Block } from './blocks.ts'
import type { Bounds } from './bounds.ts'
import { Bootstrap, type QuantileKey, type Ranged } from './bootstrap.ts'

/** One figure, as it was and as the copy has it. */
export interface Checked {
  readonly key: QuantileKey | 'errors' | 'share' | 'leastBusy'
  /** Of which server. */
  readonly server?: string
  readonly measured: number
  readonly copied: number
  /** Of a time as a share of it, of a share in points; `copied` less `measured`. */
  readonly error: number
  readonly bound: number
  /** How well the measured figure itself is known. */
  readonly range?: Ranged
  readonly passed: boolean
}

export interface Shares {
  readonly id: string
  readonly measured: number
  readonly copied: number
}

export interface CalibrationInput {
  readonly measured: readonly Block[]
  readonly copied: readonly Block[]
  /** Empty where the log does not say who served. */
  readonly shares: readonly Shares[]
  readonly leastBusy: { readonly measured: number; readonly copied: number } | undefined
  readonly bounds: Bounds
}

/** A copy against what was measured: what was known for the copy is from before that time. */
export function calibrate(input: CalibrationInput): Checked[] {
  const { bounds, copied, leastBusy, measured, shares } = input
  const bootstrap = new Bootstrap(measured.length, 1)
  const [was, is] = [bootstrap.ranges(measured), bootstrap.ranges(copied)]
  const times = (['p50', 'p95', 'p99'] as const).map((key): Checked => {
    const error = is[key].value / was[key].value - 1
    return {
      key,
      measured: was[key].value,
      copied: is[key].value,
      error,
      bound: bounds[key],
      range: was[key],
      passed: Math.abs(error) <= bounds[key],
    }
  })
  const points = (
    key: Checked['key'],
    before: number,
    after: number,
    rest: Partial<Checked> = {},
  ): Checked => {
    const bound = bounds[key]
    const error = after - before
    const passed = Math.abs(error) <= bound
    return { key, measured: before, copied: after, error, bound, passed, ...rest }
  }
  return [
    ...times,
    points('errors', was.errors.value, is.errors.value, { range: was.errors }),
    ...shares.map((each) => points('share', each.measured, each.copied, { server: each.id })),
    ...(leastBusy === undefined ? [] : [points('leastBusy', leastBusy.measured, leastBusy.copied)]),
  ]
}
