import { effect, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StrategySpec } from '../../../proxy/core/registry.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import type { Standing } from '../../../simulator/study/comparison.ts'
import { study } from '../../../simulator/study/study.ts'
import { StudyRunner } from '../../lab/study-runner.ts'
import { ask, mayAct, wanted } from '../act/desk.ts'
import { feed } from '../state.ts'
import { DistributionChart } from './distribution-chart.tsx'
import { labLink } from './lab-link.ts'
import { ENOUGH, type Made, scenarioOf } from './scenario-of.ts'
import { type Pair, errorWords, pairsOf, summary, valueWords } from './verdict.ts'

/** Runs of the simulation: enough for an interval. */
const RUNS = 5
const WORKERS = 2

interface Found {
  readonly made: Made
  readonly joined: Snapshot
  readonly standing: Standing
  readonly pairs: readonly Pair[]
  /** Of the Lab, with the same. */
  readonly link: string
}

const found = signal<Found | undefined>(undefined)
const words = signal('')
const running = signal(false)
/** Another strategy than the one that chooses; empty: the same. */
const other = signal('')

/** Makes a scenario of the last minute, simulates it, and shows both. */
export function Panel() {
  useEffect(() => {
    void run()
  }, [])
  const done = found.value
  return (
    <>
      <div class="fields">
        <label>
          What if it were chosen by{' '}
          <select
            value={other.value}
            onChange={(event) => (other.value = event.currentTarget.value)}
          >
            <option value="">the same strategy</option>
            {STRATEGIES.filter(({ simulatorOnly }) => simulatorOnly !== true).map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button disabled={running.value} onClick={() => void run()}>
          Simulate again
        </button>
      </div>
      <p class="conclusion" role="status">
        {words.value}
      </p>
      {done !== undefined && <Result found={done} />}
    </>
  )
}

async function run(): Promise<void> {
  if (running.value) return
  running.value = true
  try {
    await simulate()
  } catch (error) {
    words.value = `It could not be simulated: ${(error as Error).message}`
  }
  running.value = false
}

async function simulate(): Promise<void> {
  await enough()
  const joined = feed.history.minute!
  const strategy = other.value === '' ? await strategyNow(joined.strategy) : other.value
  const limits = new Map(
    [...wanted.value].flatMap(([id, { max }]) => (max === null ? [] : [[id, max] as const])),
  )
  const { counts, inflights } = feed.history
  const made = scenarioOf({ joined, counts, inflights, strategy, limits })
  if (typeof made === 'string') return void (words.value = made)
  const checked = checkScenario(made.scenario)
  if ('problems' in checked) {
    words.value = `What is measured makes no scenario: ${checked.problems.map(({ path, text }) => `${path.join('.')} ${text}`).join('; ')}`
    return
  }
  words.value = 'Simulating…'
  const contenders = [{ label: nameOf(strategy), spec: strategy }]
  const runner = new StudyRunner(checked.scenario, contenders, WORKERS)
  try {
    const { standings } = await study(
      {
        scenario: checked.scenario,
        warnings: [],
        contenders,
        reps: RUNS,
        warmup: 'auto',
        precision: undefined,
        maxReps: RUNS,
      },
      runner,
      () => false,
    )
    const [standing] = standings
    const pairs = pairsOf(standing, joined)
    const link = await labLink(checked.scenario, strategy, RUNS)
    found.value = { made, joined, standing, pairs, link }
    const seconds = Math.round(joined.span / 1000)
    words.value =
      other.value === ''
        ? summary(pairs)
        : `Not what is, but what would be: ${other.value} in place of ${joined.strategy}, beside the last ${seconds} s.`
  } finally {
    runner.stop()
  }
}

/** Measurements, also after a change that began them anew. Whoever asked early does not have to ask again. */
function enough(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = effect(() => {
    void feed.version.value
    const missing = ENOUGH - feed.history.counts.length
    if (missing <= 0) return resolve()
    words.value = `It needs ${missing} more ${missing === 1 ? 'second' : 'seconds'} of measurements, and begins then.`
  })
  return promise.finally(stop)
}

/** With its options, where the page may ask for them. */
async function strategyNow(name: string): Promise<StrategySpec> {
  if (!mayAct.value) return name
  const { body } = await ask<{ spec: StrategySpec }>('GET', '/strategy')
  return body.spec
}

function nameOf(spec: StrategySpec): string {
  return typeof spec === 'string' ? spec : spec.name
}

function Result({ found: { joined, link, made, pairs, standing } }: { readonly found: Found }) {
  return (
    <>
      <div class="compared">
        <DistributionChart
          measured={joined.requests.latency}
          predicted={standing.runs.map(({ latency }) => latency)}
        />
        <div class="wide" tabIndex={0} role="region" aria-label="Predicted and measured">
          <table>
            <thead>
              <tr>
                <th scope="col">figure</th>
                <th scope="col" class="number">
                  predicted
                </th>
                <th scope="col" class="number">
                  measured
                </th>
                <th scope="col" class="number">
                  error
                </th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair) => (
                <tr key={`${pair.share} ${pair.title}`}>
                  <th scope="row">
                    {pair.share ? 'share of ' : ''}
                    <span class={pair.share ? 'id' : undefined}>{pair.title}</span>
                  </th>
                  <td class="number">
                    {valueWords(pair.predicted, pair.share)}
                    {pair.half !== null && (
                      <span class="unit">± {valueWords(pair.half, pair.share)}</span>
                    )}
                  </td>
                  <td class="number">{valueWords(pair.measured, pair.share)}</td>
                  <td class="number">{errorWords(pair)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <ul class="remarks muted small">
        {made.remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
        <li>
          {RUNS} runs under different seeds; ± is the 95 % interval of their mean. That times agree
          says little, since they were put in; that shares do says that the strategy is understood.
        </li>
      </ul>
      <p>
        <a href={link}>Open it in the Lab</a>
      </p>
    </>
  )
}
