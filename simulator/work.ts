import type { Rng } from '../proxy/core/rng.ts'
import { numbers } from './checks.ts'
import { type DistributionSpec, moments, type Source, source } from './distributions.ts'

/** How much work requests are, in milliseconds at speed 1: drawn, or as recorded. */
export type WorkSpec = DistributionSpec | RecordedWorkSpec

/** The n-th request's is the n-th value; after the last the first again. */
export interface RecordedWorkSpec {
  type: 'recorded'
  values: ArrayLike<number>
}

/** Throws a `RangeError` that names the path of what is wrong. */
export function workSource(spec: WorkSpec, rng: Rng, path = 'work'): Source {
  return spec.type === 'recorded' ? new Recorded(valuesOf(spec, path)) : source(spec, rng, path)
}

export function meanWork(spec: WorkSpec, path = 'work'): number {
  if (spec.type !== 'recorded') return moments(spec, path).mean
  const values = valuesOf(spec, path)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

function valuesOf(spec: RecordedWorkSpec, path: string): ArrayLike<number> {
  const values = numbers(spec.values, `${path}.values`)
  if (values.length === 0) throw new RangeError(`${path}.values must have at least one entry`)
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]) && values[i] >= 0) continue
    throw new RangeError(`${path}.values[${i}] must be at least 0, got ${values[i]}`)
  }
  return values
}

class Recorded implements Source {
  private readonly values: ArrayLike<number>
  private next = 0

  constructor(values: ArrayLike<number>) {
    this.values = values
  }

  fill(into: Float64Array): void {
    const { values } = this
    for (let i = 0; i < into.length; i++) {
      into[i] = values[this.next]
      if (++this.next === values.length) this.next = 0
    }
  }
}
