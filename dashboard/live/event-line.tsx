import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { letterScale } from '../plots/appearance.ts'
import { duration, percent, short } from '../shell/words.ts'
import { ERROR_KINDS, type Row } from './history.ts'
import { happened, inSight, opened } from './happened.ts'
import { GLYPHS, type Happening, told as toldOf } from './happenings.ts'
import { stacked } from './stacked.ts'
import { end, feed, servers, span } from './state.ts'

/** How long before and after an event is looked at, in milliseconds. */
const AROUND = 10_000

/** Of an event, and of a row of them, in pixels where letters have their usual size. */
const WIDTH = 28
const ROW = 30

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** What happened, at its time below the charts; a click tells what the numbers did before and after. */
export function EventLine() {
  const to = end.value
  const from = to - span.value
  const shown = inSight.value
  const [track, width] = useWidth()
  const along = (time: number): number => (time - from) / (to - from)
  const rows = stacked(
    shown.map(({ time }) => along(time) * width),
    WIDTH,
  )
  const event = happened.value.find(({ key }) => key === opened.value)
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
      <div
        class="event-track"
        ref={track}
        style={{ height: `${((Math.max(0, ...rows) + 1) * ROW + 2) / 16}rem` }}
      >
        {shown.map((each, i) => (
          <button
            key={each.key}
            class="event"
            data-state={each.sort}
            aria-expanded={event === each}
            style={{ left: `${along(each.time) * 100}%`, top: `${(rows[i] * ROW + 2) / 16}rem` }}
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

/** How wide the line is, in pixels where letters have their usual size. */
function useWidth() {
  const track = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) =>
      setWidth(contentRect.width / letterScale()),
    )
    observer.observe(track.current!)
    return () => observer.disconnect()
  }, [])
  return [track, width] as const
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
            {[...FIGURES, ...sharesOf(event)].map(([title, of]) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td class="number">{of(before)}</td>
                <td class="number">{of(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const NOTHING = '–'

type Figure = readonly [title: string, of: (rows: readonly Row[]) => string]

const FIGURES: readonly Figure[] = [
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
]

/** With more servers than that the table would be of shares alone. */
const FEW = 8

/** Who got how much: the server that it is about, or all of them where it is about none, as a switch of strategies is. */
function sharesOf({ server }: Happening): readonly Figure[] {
  if (server !== undefined) return [['its share', (rows) => shareOf(rows, server)]]
  if (servers.value.length > FEW) return []
  return servers.value.map((id): Figure => [`share of ${id}`, (rows) => shareOf(rows, id)])
}

/** Of what came in those rows: their own shares reach back ten seconds, over the event. */
function shareOf(rows: readonly Row[], id: string): string {
  let own = 0
  let all = 0
  for (const { servers } of rows) {
    own += servers.get(id)?.rate ?? 0
    for (const { rate } of servers.values()) all += rate
  }
  return all === 0 ? NOTHING : percent(own / all)
}

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
