import { resultOf } from '../../simulator/result.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import type { Case, Experiment, Figures } from './experiment.ts'
import { measured, Results } from './results.ts'

/** Runs every case as often as the experiment says, under the same seeds. The same experiment gives the same results. */
export function run(experiment: Experiment): Results {
  const { cases, replications, scenario, watch } = experiment
  const times: number[] = []
  if (watch !== undefined) {
    for (let time = watch.every; time <= scenario.duration; time += watch.every) times.push(time)
  }
  const all = cases.map((each) => {
    const figures: Record<string, number[]> = {}
    const curves: Record<string, number[][]> = {}
    for (let i = 0; i < replications; i++) {
      const looks = runOnce(experiment, each, scenario.seed + i, times, figures)
      looks.forEach((look, at) => {
        for (const [name, value] of Object.entries(look)) {
          if (watch?.keep?.includes(name) === false) continue
          curves[name] ??= times.map(() => [])
          curves[name][at].push(value)
        }
      })
    }
    return measured(each, figures, curves)
  })
  return new Results(all, replications, times)
}

/** Adds what the run comes to, and gives what was seen at each look. */
function runOnce(
  experiment: Experiment,
  { change, strategy }: Case,
  seed: number,
  times: readonly number[],
  figures: Record<string, number[]>,
): Figures[] {
  const { scenario, watch } = experiment
  const recorder = new RunRecorder()
  const own = typeof strategy === 'object' && 'factory' in strategy
  const changed = { ...scenario, ...change, seed } as Scenario
  const simulation = own
    ? new Simulation(changed, recorder, { strategy: strategy.factory as never })
    : new Simulation({ ...changed, strategy }, recorder)
  const look = watch?.begin({ simulation, recorder })
  const looks = times.map((time) => {
    simulation.run(time)
    return look!()
  })
  simulation.run()
  const came = experiment.measure({
    simulation,
    recorder,
    result: resultOf(simulation, recorder),
    looks,
  })
  for (const [name, value] of Object.entries(came)) (figures[name] ??= []).push(value)
  return looks
}
