import { signal } from '@preact/signals'
import { duration, percent, short } from '../shell/words.ts'
import { ERROR_KINDS, type Row } from './history.ts'
import { GLYPHS, type Happening, happeningOf, told as toldOf } from './happenings.ts'
import { end, feed, span } from './state.ts'

/** How long before and after an event is looked at, in milliseconds. */
const AROUND = 10_000

const opened = signal<string | undefined>(undefined)
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** What happened, at its time below the charts; a click tells what the numbers did before and after. */
export function EventLine() {
  void feed.version.value
  const to = end.value
  const from = to - span.value
  const all = [...feed.events, ...feed.notes].map(happeningOf)
  const shown = all.filter(({ time }) => time >= from && time <= to)
  const event = all.find(({ key }) => key === opened.value)
  return (
    <section class="card chart" aria-label="Events">
      <div class="chart-head">
        <h2>What happened</h2>
        <p class="muted small">
          {shown.length === 0
            ? 'nothing, in this time'
            : 'choose an event to see what the numbers did before and after'}
        </p>
      </div>
      <div class="event-track">
        {shown.map((each) => (
          <button
            key={each.key}
            class="event"
            data-state={each.sort}
            aria-expanded={event === each}
            style={{ left: `${((each.time - from) / (to - from)) * 100}%` }}
            title={`${clockOf(each)} ${toldOf(each)}`}
            onClick={() => (opened.value = event === each ? undefined : each.key)}
          >
            <span aria-hidden="true">{GLYPHS[each.sort]}</span>
            <span class="unseen">
              {clockOf(each)}: {toldOf(each)}
            </span>
          </button>
        ))}
      </div>
      {event !== undefined && <Effect event={event} />}
    </section>
  )
}

/** What the numbers were before it, and after. */
function Effect({ event }: { readonly event: Happening }) {
  const { rows } = feed.history
  const before = rows.filter(({ time }) => time > event.time - AROUND && time <= event.time)
  const after = rows.filter(({ time }) => time > event.time && time <= event.time + AROUND)
  return (
    <div class="effect">
      <p>
        <time>{clockOf(event)}</time> <span class="id">{event.server}</span> {event.text}
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">figure</span>
              </th>
              <th scope="col" class="number">
                10 s before
              </th>
              <th scope="col" class="number">
                10 s after
              </th>
            </tr>
          </thead>
          <tbody>
            {FIGURES.filter(([, , ofServer]) => event.server !== undefined || !ofServer).map(
              ([title, of]) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td class="number">{of(before, event.server ?? '')}</td>
                  <td class="number">{of(after, event.server ?? '')}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const NOTHING = '–'

/** `ofServer`: it is about the one that something happened to. */
const FIGURES: readonly (readonly [
  title: string,
  of: (rows: readonly Row[], server: string) => string,
  ofServer?: boolean,
])[] = [
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
    true,
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

function clockOf({ time }: Happening): string {
  return clock.format(feed.startedAt + time)
}
