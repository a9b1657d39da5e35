import type { ChartConfiguration } from 'chart.js'
import { bands } from '../plots/bands.ts'
import { crosshair } from '../plots/cursor.ts'
import { marks } from '../plots/marks.ts'
import { Plot } from '../plots/plot.tsx'
import type { Theme } from '../plots/theme.ts'
import { timeOptions, type TimeAxes } from '../plots/time-options.ts'
import { ago, duration, percent, short, tick } from '../shell/words.ts'
import { Frame } from './frame.tsx'
import { marksIn } from './happened.ts'
import { ERROR_KINDS, type Row, type ServerPoint } from './history.ts'
import { Readout } from './readout.tsx'
import {
  errorLines,
  kindColour,
  type Line,
  plainLine,
  type Scene,
  serverLines,
  shareBands,
} from './series.ts'
import { end, feed, focus, pointed, rows, servers, span } from './state.ts'
import { Dot } from './swatch.tsx'

const HEIGHT = 168

/** Who gets the traffic, how long it takes, what goes wrong, and how much waits: one below the other, with one time for all. */
export function Charts() {
  return (
    <>
      <ShareChart />
      <RateChart />
      <LatencyChart />
      <ErrorChart />
      <InFlightChart />
    </>
  )
}

function sceneOf(theme: Theme): Scene {
  return { rows: rows.value, servers: servers.value, focus: focus.value, theme }
}

function configured(
  theme: Theme,
  datasets: Line[],
  axes: Omit<TimeAxes, 'from' | 'to' | 'origin'>,
  banded?: ReturnType<typeof shareBands>,
): ChartConfiguration {
  const to = end.value
  const options = timeOptions(theme, { ...axes, from: to - span.value, to, origin: feed.startedAt })
  options.plugins = {
    marks: { marks: marksIn(theme) },
    ...(banded !== undefined && { bands: { bands: banded } }),
  }
  return {
    type: 'line',
    data: { datasets },
    options,
    plugins: [crosshair, bands, marks],
  } as unknown as ChartConfiguration
}

function ShareChart() {
  const promise = feed.history.latest?.promise
  const law = promise !== 'adaptive'
  return (
    <Frame
      title="Who gets the traffic"
      note={
        law
          ? 'share of requests over ten seconds; the band is what chance may do to what is due'
          : 'share of requests over ten seconds; dotted: by weight, which this strategy does not promise'
      }
      readout={<Readout of={({ share }) => share} say={percent} />}
      table={{ of: ({ share }) => share, say: percent }}
    >
      <Plot
        height={HEIGHT}
        label={`Share of requests by server. ${said(({ share }) => (share === null ? undefined : percent(share)))}`}
        draw={(theme) => {
          const scene = sceneOf(theme)
          return configured(
            theme,
            serverLines(scene, ({ share }) => share),
            { value: (value) => `${tick(value * 100)} %` },
            shareBands(scene, law),
          )
        }}
      />
    </Frame>
  )
}

function RateChart() {
  return (
    <Frame
      title="How much there is"
      note="attempts per second, by server, one upon the other"
      readout={<Readout of={({ rate }) => rate} say={perSecond} />}
      table={{ of: ({ rate }) => rate, say: perSecond }}
    >
      <Plot
        height={HEIGHT}
        label={`Attempts per second by server, stacked. ${said(({ rate }) => `${short(rate)} per second`)}`}
        draw={(theme) =>
          configured(
            theme,
            serverLines(sceneOf(theme), ({ rate }) => rate, { fill: true, width: 1 }),
            { value: tick, stacked: true, least: 1 },
          )
        }
      />
    </Frame>
  )
}

/** With more servers than that the thin lines hide the thick ones. */
const FEW = 8

/** p95 has no line: a third for each server would hide the others. */
const LATENCIES = [
  { what: 'p50', of: ({ p50 }: ServerPoint) => p50, say: time },
  { what: 'p95', of: ({ p95 }: ServerPoint) => p95, say: time },
  { what: 'p99', of: ({ p99 }: ServerPoint) => p99, say: time },
]

function LatencyChart() {
  const few = servers.value.length <= FEW
  return (
    <Frame
      title="How long it takes"
      note={`${few ? 'p99 thick, p50 thin' : 'p99'}; good answers only; p95 in the table`}
      readout={<Readout of={({ p99 }) => p99} say={time} />}
      table={LATENCIES}
    >
      <Plot
        height={HEIGHT + 32}
        label={`Response times by server, p50 and p99. p99: ${said(({ p99 }) => (p99 === null ? undefined : time(p99)))}`}
        draw={(theme) => {
          const scene = sceneOf(theme)
          return configured(
            theme,
            [
              ...serverLines(scene, ({ p99 }) => p99, { width: 2 }),
              ...(few ? serverLines(scene, ({ p50 }) => p50, { width: 1 }) : []),
            ],
            { value: timeTick, log: true },
          )
        }}
      />
    </Frame>
  )
}

function ErrorChart() {
  const row = pointed.value
  const all = rows.value
  const quiet = all.every(({ errors }) => ERROR_KINDS.every((kind) => errors[kind] === 0))
  return (
    <Frame
      title="What goes wrong"
      note="failed requests per second, as clients saw them"
      readout={
        <ul>
          {ERROR_KINDS.map((kind) => (
            <li key={kind}>
              <Dot series={kindColour(kind)} />
              {kind} {row === undefined ? '–' : `${short(row.errors[kind])}/s`}
            </li>
          ))}
        </ul>
      }
      table={ERROR_KINDS.map((kind) => ({
        title: kind,
        of: ({ errors }: Row) => errors[kind],
        say: perSecond,
      }))}
    >
      <div class="over">
        <Plot
          height={112}
          label={quiet ? 'Failed requests: none.' : 'Failed requests per second, by kind, stacked.'}
          draw={(theme) =>
            configured(theme, errorLines(sceneOf(theme)), { value: tick, stacked: true, least: 1 })
          }
        />
        {quiet && all.length > 1 && (
          <p class="empty">
            <span>Nothing, for {ago(quietFor(all))}</span>
          </p>
        )}
      </div>
    </Frame>
  )
}

/** Since the last failure that is known, however far back: not only in what is shown. */
function quietFor(shown: readonly Row[]): number {
  const known = feed.history.rows
  const to = shown[shown.length - 1].time
  const last = known.findLast(
    ({ errors, time: at }) => at <= to && ERROR_KINDS.some((kind) => errors[kind] > 0),
  )
  return to - (last?.time ?? known[0].time - 1000)
}

function InFlightChart() {
  const row = pointed.value
  return (
    <Frame
      title="How much is under way"
      note="requests in flight by server, one upon the other; dashed: with those that wait for a server"
      readout={
        <>
          <Readout of={({ inflight }) => inflight} say={tick} />
          <span class="muted">waiting {row?.waiting ?? '–'}</span>
        </>
      }
      table={{ of: ({ inflight }) => inflight, say: tick }}
    >
      <Plot
        height={136}
        label={`Requests in flight by server, stacked. ${said(({ inflight }) => String(inflight))}`}
        draw={(theme) => {
          const scene = sceneOf(theme)
          const waiting = plainLine(
            scene.rows,
            'waiting',
            ({ waiting }) => (waiting > 0 ? waiting : null),
            theme.text,
            [4, 3],
          )
          return configured(
            theme,
            [...serverLines(scene, ({ inflight }) => inflight, { fill: true, width: 1 }), waiting],
            { value: tick, stacked: true, least: 5 },
          )
        }}
      />
    </Frame>
  )
}

/** The latest values in words, for a picture's description. */
function said(of: (point: ServerPoint) => string | undefined): string {
  const row = rows.value.at(-1)
  if (row === undefined) return 'Nothing yet.'
  return `Now: ${[...row.servers].map(([id, point]) => `${id} ${of(point) ?? 'none'}`).join(', ')}.`
}

function time(milliseconds: number): string {
  return duration(milliseconds).join(' ')
}

function perSecond(rate: number): string {
  return `${short(rate)}/s`
}

function timeTick(milliseconds: number): string {
  return milliseconds < 1000 ? `${tick(milliseconds)} ms` : `${tick(milliseconds / 1000)} s`
}
