import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import {
  createDistribution,
  type DistributionSpec,
  sampler,
} from '../../../simulator/distributions.ts'

describe('what makes no sense is refused', () => {
  const odd = (spec: object): DistributionSpec => spec as DistributionSpec

  test.each<[DistributionSpec, string]>([
    [{ type: 'constant', value: -1 }, 'work.value must be at least 0, got -1'],
    [{ type: 'uniform', min: NaN, max: 1 }, 'work.min must be at least 0, got NaN'],
    [{ type: 'uniform', min: 0, max: Infinity }, 'work.max must be at least 0, got Infinity'],
    [{ type: 'uniform', min: 3, max: 2 }, 'work.max must be at least work.min (3), got 2'],
    [{ type: 'exponential', mean: 0 }, 'work.mean must be above 0, got 0'],
    [odd({ type: 'exponential', mean: '3' }), 'work.mean must be above 0, got 3'],
    [{ type: 'erlang', mean: -2, stages: 3 }, 'work.mean must be above 0, got -2'],
    [
      { type: 'erlang', mean: 2, stages: 2.5 },
      'work.stages must be a whole number from 1 to 1000, got 2.5',
    ],
    [
      { type: 'erlang', mean: 2, stages: 0 },
      'work.stages must be a whole number from 1 to 1000, got 0',
    ],
    [{ type: 'lognormal', mean: 0, cv: 1 }, 'work.mean must be above 0, got 0'],
    [odd({ type: 'lognormal', mean: 1 }), 'work.cv must be above 0, got undefined'],
    [{ type: 'hyperexponential', mean: 0, cv: 2 }, 'work.mean must be above 0, got 0'],
    [{ type: 'hyperexponential', mean: 1, cv: 0.9 }, 'work.cv must be at least 1, got 0.9'],
    [
      { type: 'hyperexponential', branches: [] },
      'work.branches must be a list with at least one entry',
    ],
    [
      { type: 'hyperexponential', branches: [{ share: 1, mean: 0 }] },
      'work.branches[0].mean must be above 0, got 0',
    ],
    [
      {
        type: 'hyperexponential',
        branches: [
          { share: 0.5, mean: 1 },
          { share: -0.5, mean: 1 },
        ],
      },
      'work.branches[1].share must be from 0 to 1, got -0.5',
    ],
    [
      {
        type: 'hyperexponential',
        branches: [
          { share: 0.5, mean: 1 },
          { share: 0.25, mean: 1 },
        ],
      },
      'work.branches must have shares that add up to 1, got 0.75',
    ],
    [{ type: 'bounded_pareto', min: 0, max: 2, shape: 1 }, 'work.min must be above 0, got 0'],
    [
      { type: 'bounded_pareto', min: 1, max: Infinity, shape: 1 },
      'work.max must be above 0, got Infinity',
    ],
    [
      { type: 'bounded_pareto', min: 2, max: 2, shape: 1 },
      'work.max must be above work.min (2), got 2',
    ],
    [{ type: 'bounded_pareto', min: 1, max: 2, shape: 0 }, 'work.shape must be above 0, got 0'],
    [{ type: 'weibull', mean: -1, shape: 1 }, 'work.mean must be above 0, got -1'],
    [{ type: 'weibull', mean: 1, shape: 0 }, 'work.shape must be at least 0.05, got 0'],
    [{ type: 'bimodal', fast: -1, slow: 2, slowShare: 0 }, 'work.fast must be at least 0, got -1'],
    [
      { type: 'bimodal', fast: 3, slow: 2, slowShare: 0 },
      'work.slow must be at least work.fast (3), got 2',
    ],
    [
      { type: 'bimodal', fast: 1, slow: 2, slowShare: 1.5 },
      'work.slowShare must be from 0 to 1, got 1.5',
    ],
    [{ type: 'empirical', values: [] }, 'work.values must be a list with at least one entry'],
    [odd({ type: 'empirical' }), 'work.values must be a list with at least one entry'],
    [{ type: 'empirical', values: [1, -2] }, 'work.values[1] must be at least 0, got -2'],
    [
      { type: 'empirical', values: [1, 2], weights: [1] },
      'work.weights must have as many entries as there are values (2)',
    ],
    [
      { type: 'empirical', values: [1, 2], weights: [1, NaN] },
      'work.weights[1] must be at least 0, got NaN',
    ],
    [{ type: 'empirical', values: [1, 2], weights: [0, 0] }, 'work.weights must not all be 0'],
    [
      odd({ type: 'normal' }),
      'work.type must be one of constant, uniform, exponential, erlang, lognormal, hyperexponential, ' +
        'bounded_pareto, weibull, bimodal, empirical, got normal',
    ],
    [
      odd({ type: 'toString' }),
      'work.type must be one of constant, uniform, exponential, erlang, lognormal, hyperexponential, ' +
        'bounded_pareto, weibull, bimodal, empirical, got toString',
    ],
  ])('%o: %s', (spec, message) => {
    expect(() => createDistribution(spec)).toThrow(new RangeError(message))
  })

  test('under the path that was given', () => {
    expect(() => sampler({ type: 'exponential', mean: -2 }, new Rng(1), 'servers[2].work')).toThrow(
      'servers[2].work.mean must be above 0, got -2',
    )
  })
})
