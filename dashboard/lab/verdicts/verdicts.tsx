import { signal } from '@preact/signals'
import { lookOf } from '../../charts/palette.ts'
import type { Interval } from '../../../simulator/statistics/interval.ts'
import type { Standing } from '../../../simulator/study/comparison.ts'
import type { MetricKey } from '../../../simulator/study/metrics.ts'
import { duration, percent, short } from '../../shell/words.ts'
import { contenders, generation, log, setup, strategyNames } from '../lab.ts'
import { fileName } from '../export/file-name.ts'
import { save } from '../export/save.ts'
import { pageWords } from '../page-words.ts'
import { MOST_REPS, warningsOf } from '../setup/setup.ts'
import type { Found, Running } from './run-study.ts'

/** What is known, of which generation of the setup, and how far it is. */
const found = signal<Found | undefined>(undefined)
const of = signal(-1)
const progress = signal<number | undefined>(undefined)
const fault = signal('')
let running: Running | undefined

async function begin(): Promise<void> {
  const { reps, scenario } = setup.value
  progress.value = 0
  fault.value = ''
  const asked = generation.value
  // Only who wants verdicts needs what makes them.
  const { runStudy } = await import('./run-study.ts')
  const warnings = warningsOf(setup.value, contenders.value)
  running = runStudy(
    { scenario, contenders: contenders.value, warnings, reps, replay: log.value?.replay },
    (share) => (progress.value = share),
  )
  try {
    const result = await running.found
    if (result.standings.length > 0) {
      found.value = result
      of.value = asked
    } else fault.value = 'It was stopped before each strategy had a run: there is nothing to tell.'
  } catch (error) {
    fault.value = `The comparison broke off: ${(error as Error).message}.`
  } finally {
    progress.value = undefined
    running = undefined
  }
}

/** The whole comparison: replications, intervals, and who is better in words. */
export function Verdicts() {
  const { reps } = setup.value
  const busy = progress.value !== undefined
  return (
    <section class="card verdicts" aria-label="Verdicts">
      <div class="chart-head">
        <h2>Who is better?</h2>
        <p class="muted small">
          one run is one story; this runs many, all strategies over the same ones
        </p>
      </div>
      <div class="verdict-tools">
        {busy ? (
          <button type="button" onClick={() => running?.stop()}>
            Stop
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => void begin()}>
            Compare
          </button>
        )}
        <label>
          <input
            type="number"
            aria-label="Replications"
            min={1}
            max={MOST_REPS}
            value={reps}
            disabled={busy}
            onChange={({ currentTarget: { valueAsNumber } }) => {
              const given = Math.round(valueAsNumber)
              if (given >= 1 && given <= MOST_REPS) setup.value = { ...setup.value, reps: given }
            }}
          />{' '}
          replications
        </label>
        {busy && (
          <>
            <progress max={1} value={progress.value} aria-label="Progress of the comparison" />
            <span class="small muted">{Math.floor((progress.value ?? 0) * 100)} %</span>
          </>
        )}
      </div>
      {fault.value !== '' && <p class="fault">{fault.value}</p>}
      {found.value === undefined ? (
        <p class="muted small">
          Means and percentiles with their 95 % intervals, and whether the difference is more than
          luck: the same numbers as the command line’s, to the last digit.
        </p>
      ) : (
        <Result found={found.value} old={of.value !== generation.value} />
      )}
    </section>
  )
}

const COLUMNS: readonly (readonly [key: MetricKey, title: string, share?: true])[] = [
  ['mean', 'mean'],
  ['p50', 'p50'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['errors', 'errors', true],
  ['goodput', 'good a second'],
]

function Result({
  found: { csv, json, remarks, standings, study, verdicts },
  old,
}: {
  readonly found: Found
  readonly old: boolean
}) {
  const { name } = study.scenario
  return (
    <div data-old={old || undefined}>
      {old && <p class="small warn">▲ This is of the setup before the latest change.</p>}
      <div class="scrolls" tabIndex={0} role="region" aria-label="Figures with intervals">
        <table>
          <thead>
            <tr>
              <th scope="col">Strategy</th>
              {COLUMNS.map(([key, title]) => (
                <th key={key} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {standings.map((standing, place) => (
              <Row key={standing.label} standing={standing} place={place} />
            ))}
          </tbody>
        </table>
      </div>
      {verdicts.length > 0 && (
        <dl class="verdict-list">
          {verdicts.map((words, i) => (
            <div key={standings[i + 1].label}>
              <dt>
                <span class="id">{standings[i + 1].label}</span>
                <span class="muted small"> against {standings[0].label}</span>
              </dt>
              {words.map(({ text, title, tone }) => (
                <dd key={title} class={tone}>
                  {title !== '' && <span class="muted">{title} </span>}
                  <span aria-hidden="true">{{ good: '▼ ', bad: '▲ ' }[tone as 'good'] ?? ''}</span>
                  {text}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
      <div class="verdict-tools">
        <button
          type="button"
          onClick={() => save(json(), 'application/json', fileName(name, 'json'))}
        >
          Save JSON
        </button>
        <button type="button" onClick={() => save(csv(), 'text/csv', fileName(name, 'csv'))}>
          Save CSV
        </button>
      </div>
      {remarks.map(({ text, tone }) => (
        <p key={text} class={`small ${tone === 'bad' || tone === 'warn' ? tone : 'muted'}`}>
          {pageWords(text)}
        </p>
      ))}
    </div>
  )
}

function Row({ place, standing }: { readonly standing: Standing; readonly place: number }) {
  const name = strategyNames.value[place] ?? standing.label
  return (
    <tr>
      <th scope="row">
        <i class="lane-colour" data-series={lookOf(name).colour} aria-hidden="true" />
        <span class="id">{standing.label}</span>
      </th>
      {COLUMNS.map(([key, , share]) => (
        <td key={key}>
          <Cell
            figure={standing.figures[key]}
            kind={share === true ? 'share' : key === 'goodput' ? 'rate' : 'time'}
          />
        </td>
      ))}
    </tr>
  )
}

interface CellProps {
  readonly figure: Interval | null
  readonly kind: 'share' | 'rate' | 'time'
}

function Cell({ figure, kind }: CellProps) {
  if (figure === null) return <>–</>
  const { half, mean } = figure
  const write = { share: percent, rate: short, time: (value: number) => duration(value).join(' ') }[
    kind
  ]
  return (
    <>
      {write(mean)}
      <span class="half muted">{Number.isFinite(half) ? `±${write(half)}` : ''}</span>
    </>
  )
}
