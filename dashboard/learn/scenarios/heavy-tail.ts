import type { Discipline, Scenario } from '../../../simulator/scenario.ts'

/** The mean work of a request, in ms: of bounded Pareto, (α/(α−1))·(l^−(α−1) − h^−(α−1))/(l^−α − h^−α). */
export const MEAN_WORK = (3 * (1 - 1000 ** -0.5)) / (1 - 1000 ** -1.5)

/** As the experiment, at 70 %, but that the largest request takes 1 s instead of 10: with less luck in it fewer requests tell as much. */
function heavyTail(discipline: Discipline): Scenario {
  return {
    name: 'lesson: heavy tail',
    seed: 1,
    duration: 62_000,
    warmup: 2000,
    arrivals: { type: 'poisson', rate: (0.7 * 4 * 1000) / MEAN_WORK },
    work: { type: 'bounded_pareto', min: 1, max: 1000, shape: 1.5 },
    servers: [{ id: 's', count: 4, discipline }],
    strategy: 'random',
  }
}

export const oneByOne = heavyTail('fifo')
export const allAtOnce = heavyTail('sharing')
