import { lookOf } from '../charts/palette.ts'
import { told, value } from './figures.ts'
import type { Found, Guess, Lesson } from './lesson.ts'
import { Curve } from './questions/curve.tsx'
import { caseOf, ranked } from './verdict.ts'

interface TruthProps {
  readonly lesson: Lesson
  readonly guess: Guess
  readonly found: Found
}

/** The truth, with its intervals, and the prediction laid over it. */
export function Truth({ found, guess, lesson }: TruthProps) {
  const { ask, measure } = lesson
  return (
    <figure class="truth-figure">
      <figcaption>{upper(measure.title)}</figcaption>
      {ask.kind === 'curve' && guess.kind === 'curve' ? (
        <>
          <Curve ask={ask} unit={measure.unit} values={guess.values} found={found} told />
          <CurveTable lesson={lesson} found={found} guess={guess} />
        </>
      ) : (
        <TruthBars lesson={lesson} found={found} guess={guess} />
      )}
      <p class="muted small">
        Means of {lesson.reps} runs in your browser, all with the same {lesson.reps} streams of
        requests; ± is a 95 % interval.
      </p>
    </figure>
  )
}

function TruthBars({ found, guess, lesson }: TruthProps) {
  const { ask, measure } = lesson
  const { unit } = measure
  const ids = idsOf(lesson, guess, found)
  const drawn = (id: string): number | undefined =>
    guess.kind === 'bars' && ask.kind === 'bars' && id !== ask.given
      ? guess.values[ask.cases.indexOf(id)]
      : undefined
  const most = Math.max(...ids.map((id) => Math.max(found[id].high, drawn(id) ?? 0)))
  const top = ask.kind === 'bars' && unit === 'share' ? ask.top : most * 1.02
  const at = (number: number): string =>
    `${((Math.max(0, Math.min(top, number)) / top) * 100).toFixed(2)}%`
  return (
    <table class="truth-bars">
      <thead class="unseen">
        <tr>
          <th scope="col">What chooses</th>
          <th scope="col">Your guess</th>
          <th scope="col">{measure.title}</th>
        </tr>
      </thead>
      <tbody>
        {ids.map((id) => {
          const figure = found[id]
          const own = drawn(id)
          return (
            <tr key={id} data-series={lookFor(lesson, id)} data-own={id === 'yours' || undefined}>
              <th scope="row">{id === 'yours' ? 'your order' : caseOf(lesson, id).label}</th>
              <td class="yours small">{guessInWords(guess, lesson, id)}</td>
              <td class="bar">
                <svg aria-hidden="true" width="100%" height="28">
                  <rect class="bar-fill" x="0" y="6" height="16" width={at(figure.mean)} />
                  <line class="whisker" x1={at(figure.low)} x2={at(figure.high)} y1="14" y2="14" />
                  {own !== undefined && (
                    <line class="guess" x1={at(own)} x2={at(own)} y1="0" y2="28" />
                  )}
                </svg>
                <span class="figure">{told(figure, unit)}</span>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** In the order of the truth where a rank was asked for, as asked otherwise. */
function idsOf(lesson: Lesson, guess: Guess, found: Found): string[] {
  const { ask } = lesson
  if (ask.kind === 'curve') return []
  if (guess.kind === 'rank') return ranked(ask.cases, found)
  return ask.kind === 'deal' ? ['yours', ...ask.cases] : [...ask.cases]
}

function guessInWords(guess: Guess, { ask, measure }: Lesson, id: string): string {
  if (guess.kind === 'rank') return `you: ${guess.order.indexOf(id) + 1}.`
  if (guess.kind === 'bars' && ask.kind === 'bars' && id !== ask.given) {
    return `you: ${value(guess.values[ask.cases.indexOf(id)], measure.unit)}`
  }
  return ''
}

interface CurveTableProps extends TruthProps {
  readonly guess: Extract<Guess, { kind: 'bars' | 'curve' }>
}

function CurveTable({ found, guess, lesson: { ask, measure } }: CurveTableProps) {
  if (ask.kind !== 'curve') return null
  const { unit } = measure
  return (
    <table class="curve-table small">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">{ask.x}</span>
          </th>
          <th scope="col">yours</th>
          <th scope="col">{ask.name}</th>
          <th scope="col">{ask.later.name}</th>
          <th scope="col">{ask.given.name}</th>
        </tr>
      </thead>
      <tbody>
        {ask.points.map(({ id, label }, at) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            <td>{value(guess.values[at], unit)}</td>
            <td>{told(found[id], unit)}</td>
            <td>{told(found[ask.later.ids[at]], unit)}</td>
            <td>{told(found[ask.given.ids[at]], unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Its strategy's colour, as everywhere; an order has the one of none. */
function lookFor(lesson: Lesson, id: string): number | undefined {
  const { order, strategy } = caseOf(lesson, id === 'yours' ? lesson.cases[0].id : id)
  if (id === 'yours' || order !== undefined) return undefined
  return lookOf(typeof strategy === 'string' ? strategy : strategy.name).colour
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
