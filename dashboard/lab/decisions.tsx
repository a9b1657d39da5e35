import { useState } from 'preact/hooks'
import { plural } from '../../simulator/format.ts'
import type { Candidate } from '../../proxy/core/decision.ts'
import type { Decided } from '../race/explainer.ts'
import { contenders, player } from './lab.ts'
import { clock } from './transport.tsx'

/** Why the latest request went where it went, in every lane; and the way to where two lanes part. */
export function Decisions() {
  const lanes = player.decided.value
  if (lanes === undefined) return null
  const named = contenders.value
  return (
    <section class="card decisions" aria-label="The decision">
      <div class="chart-head">
        <h2>Why this server?</h2>
        <p class="muted small">{cameInWords(lanes)}</p>
      </div>
      <div class="decision-lanes">
        {named.map(({ label }, place) => (
          <DecisionView key={label} label={label} decided={lanes[place]} />
        ))}
      </div>
    </section>
  )
}

function cameInWords(lanes: readonly (Decided | undefined)[]): string {
  const first = lanes.find((each) => each !== undefined)
  return first === undefined
    ? 'nobody has decided anything'
    : `the request that came at ${clock(first.came)}`
}

/** More than that nobody reads. */
const MOST_CANDIDATES = 12

function DecisionView({
  decided,
  label,
}: {
  readonly decided: Decided | undefined
  readonly label: string
}) {
  if (decided === undefined) {
    return (
      <div>
        <h3 class="id">{label}</h3>
        <p class="muted small">It has decided nothing: nobody had room, or the run is over.</p>
      </div>
    )
  }
  const { candidates, chosen, excluded, facts, notKept, score, why } = decided.explanation
  const shown = candidates
    .toSorted((a, b) => Number(b.chosen) - Number(a.chosen))
    .slice(0, MOST_CANDIDATES)
  const words = Object.entries(facts).map(([name, value]) => `${name} ${figure(value)}`)
  return (
    <div class="decision">
      <h3>
        <span class="id">{label}</span> → <span class="id">{chosen}</span>
      </h3>
      <p class="small muted why">
        {capital(why)}.{score !== null && ` Score: ${score.meaning}.`}
        {decided.proxy > 0 && ` Proxy ${decided.proxy}.`}
        {words.length > 0 && ` ${capital(words.join(', '))}.`}
      </p>
      <div class="scrolls" tabIndex={0} role="region" aria-label={`Candidates of ${label}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Candidate</th>
              <th scope="col">in flight</th>
              <th scope="col">score</th>
            </tr>
          </thead>
          <tbody>
            {inOrder(shown, candidates).map((each) => (
              <tr key={each.server} class={each.chosen ? 'chosen' : undefined}>
                <th scope="row">
                  <span class="id">{each.server}</span>
                  {each.chosen && (
                    <b>
                      {' '}
                      ← <span class="unseen">chosen</span>
                    </b>
                  )}
                  {each.mark !== null && <span class="muted"> {each.mark}</span>}
                </th>
                <td>{each.inFlight}</td>
                <td>{figure(each.score)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {candidates.length - shown.length + notKept > 0 && (
        <p class="small muted">And {candidates.length - shown.length + notKept} more.</p>
      )}
      {excluded.length > 0 && (
        <p class="small muted">
          Out: {excluded.map(({ reason, server }) => `${server} (${reason})`).join(', ')}.
        </p>
      )}
    </div>
  )
}

/** In the order of the servers again. */
function inOrder(shown: readonly Candidate[], all: readonly Candidate[]): Candidate[] {
  return all.filter((each) => shown.includes(each))
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function figure(value: number | null): string {
  if (value === null) return '–'
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
}

/** To the first request that two lanes send to different servers. */
export function FirstDifference() {
  const named = contenders.value
  const [first, setFirst] = useState(0)
  const [second, setSecond] = useState(1)
  if (named.length < 2) return null
  const one = Math.min(first, named.length - 1)
  const other = second < named.length && second !== one ? second : one === 0 ? 1 : 0
  const { difference } = player
  return (
    <div class="differ">
      <button type="button" onClick={() => player.differ([one, other])}>
        First difference
      </button>
      <span class="small muted">between</span>
      <Lane label="One lane" value={one} onValue={setFirst} />
      <span class="small muted">and</span>
      <Lane label="The other lane" value={other} onValue={setSecond} />
      <span class="small" role="status">
        {difference.value === 'none' && 'They never differ in this run.'}
        {typeof difference.value === 'object' &&
          `After ${plural(difference.value.alike, 'request')} alike, at ${clock(difference.value.at)}: ` +
            difference.value.servers.map((each) => each ?? 'nobody').join(' and ')}
      </span>
    </div>
  )
}

interface LaneProps {
  readonly label: string
  readonly value: number
  readonly onValue: (place: number) => void
}

function Lane({ label, onValue, value }: LaneProps) {
  return (
    <select
      class="inline id"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onValue(Number(currentTarget.value))}
    >
      {contenders.value.map((each, place) => (
        <option key={each.label} value={place}>
          {each.label}
        </option>
      ))}
    </select>
  )
}
