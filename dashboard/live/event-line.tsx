import { signal } from '@preact/signals'
import type { StateEvent } from '../../proxy/core/snapshot.ts'
import { duration, percent, sentenceOf, short } from '../shell/words.ts'
import { ERROR_KINDS, type Row } from './history.ts'
import { GLYPHS } from './server-cards.tsx'
import { end, feed, span } from './state.ts'

/** How long before and after an event is looked at, in milliseconds. */
const AROUND = 10_000

const opened = signal<StateEvent | undefined>(undefined)
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** What happened, at its time below the charts; a click tells what the numbers did before and after. */
export function EventLine() {
  void feed.version.value
  const to = end.value
  const from = to - span.value
  const shown = feed.events.filter(({ time }) => time >= from && time <= to)
  const event = opened.value
  return (
    <section class="card events" aria-label="Events">
      <div class="event-track">
        {shown.map((each) => (
          <button
            key={`${each.time} ${each.server} ${each.to}`}
            class="event"
            data-state={each.to}
            aria-expanded={event === each}
            style={{ left: `${((each.time - from) / (to - from)) * 100}%` }}
            title={`${clockOf(each)} ${each.server} ${sentenceOf(each)}`}
            onClick={() => (opened.value = event === each ? undefined : each)}
          >
            <span aria-hidden="true">{GLYPHS[each.to]}</span>
            <span class="unseen">
              {clockOf(each)}: {each.server} {sentenceOf(each)}
            </span>
          </button>
        ))}
      </div>
      {event === undefined ? (
        <p class="muted small">
          {shown.length === 0
            ? 'Nothing happened in this time.'
            : 'Choose an event to see what it did.'}
        </p>
      ) : (
        <Effect event={event} />
      )}
    </section>
  )
}

/** What the numbers were before it, and after. */
function Effect({ event }: { readonly event: StateEvent }) {
  const { rows } = feed.history
  const before = rows.filter(({ time }) => time > event.time - AROUND && time <= event.time)
  const after = rows.filter(({ time }) => time > event.time && time <= event.time + AROUND)
  return (
    <div class="effect">
      <p>
        <time>{clockOf(event)}</time> <span class="id">{event.server}</span> {sentenceOf(event)}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">figure</span>
            </th>
            <th scope="col">10 s before</th>
            <th scope="col">10 s after</th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(([title, of]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              <td>{of(before, event.server)}</td>
              <td>{of(after, event.server)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const NOTHING = '–'

const FIGURES: readonly (readonly [string, (rows: readonly Row[], server: string) => string])[] = [
  [
    'requests',
    (rows) =>
      told(
        mean(rows, ({ rate }) => rate),
        (value) => `${short(value)}/s`,
      ),
  ],
  [
    'errors',
    (rows) =>
      told(
        mean(rows, ({ errors }) => ERROR_KINDS.reduce((sum, kind) => sum + errors[kind], 0)),
        (value) => `${short(value)}/s`,
      ),
  ],
  [
    'worst p99',
    (rows) =>
      told(
        most(rows, ({ p99 }) => p99),
        (value) => duration(value).join(' '),
      ),
  ],
  [
    'its share',
    (rows, server) =>
      told(
        mean(rows, ({ servers }) => servers.get(server)?.share ?? 0),
        percent,
      ),
  ],
]

function told(value: number | undefined, say: (value: number) => string): string {
  return value === undefined ? NOTHING : say(value)
}

function mean(rows: readonly Row[], of: (row: Row) => number): number | undefined {
  if (rows.length === 0) return undefined
  return rows.reduce((sum, row) => sum + of(row), 0) / rows.length
}

function most(rows: readonly Row[], of: (row: Row) => number | null): number | undefined {
  const values = rows.map(of).filter((value) => value !== null)
  return values.length === 0 ? undefined : Math.max(...values)
}

function clockOf({ time }: StateEvent): string {
  return clock.format(feed.startedAt + time)
}
