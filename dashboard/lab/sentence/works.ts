import type { WorkSpec } from '../../../simulator/work.ts'
import { rounded } from './part.ts'

/** What work is offered as, in words; others stay as they are if a scenario has them. */
export const WORKS: readonly (readonly [type: WorkSpec['type'], words: string])[] = [
  ['constant', 'always the same'],
  ['exponential', 'exponential'],
  ['lognormal', 'lognormal, twice as wide'],
  ['bimodal', 'one in twenty 10 × as much'],
  ['bounded_pareto', 'with a heavy tail'],
  ['uniform', 'anything up to twice that'],
]

/** That kind of work with this mean. */
export function workAs(type: string, mean: number): WorkSpec {
  switch (type) {
    case 'lognormal':
      return { type, mean, cv: 2 }
    case 'bimodal': {
      const fast = rounded(mean / 1.45, 6)
      return { type, fast, slow: rounded(fast * 10, 6), slowShare: 0.05 }
    }
    case 'bounded_pareto': {
      // Of shape 1.5 between 1 and 1000: a mean of 2.905.
      const min = rounded(mean / 2.905, 6)
      return { type, min, max: rounded(min * 1000, 6), shape: 1.5 }
    }
    case 'uniform':
      return { type, min: 0, max: rounded(mean * 2, 6) }
    case 'constant':
      return { type, value: rounded(mean, 6) }
    default:
      return { type: 'exponential', mean: rounded(mean, 6) }
  }
}

/** All of it so many times as long. */
export function scaledWork(work: WorkSpec, factor: number): WorkSpec {
  const times = (value: number): number => rounded(value * factor, 6)
  switch (work.type) {
    case 'constant':
      return { ...work, value: times(work.value) }
    case 'uniform':
    case 'bounded_pareto':
      return { ...work, min: times(work.min), max: times(work.max) }
    case 'bimodal':
      return { ...work, fast: times(work.fast), slow: times(work.slow) }
    case 'hyperexponential':
      if ('branches' in work) {
        const branches = work.branches.map((branch) => ({ ...branch, mean: times(branch.mean) }))
        return { ...work, branches }
      }
      return { ...work, mean: times(work.mean) }
    case 'empirical':
      return { ...work, values: work.values.map(times) }
    case 'recorded':
      return { ...work, values: Array.from(work.values, times) }
    case 'erlang':
    case 'exponential':
    case 'lognormal':
    case 'weibull':
      break
  }
  return { ...work, mean: times(work.mean) }
}
