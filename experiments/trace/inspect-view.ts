import { clip } from '../../simulator/trace/errors.ts'
import type { InspectionFigures, SizeFigures } from '../../simulator/trace/inspection.ts'
import type { Counted } from '../../simulator/trace/top-counter.ts'
import { type Cell, columnsOf, drawColumns } from '../live/columns.ts'
import { clock, count, percent, plural, wrap, wrapWords } from '../../simulator/format.ts'
import type { Paint } from '../live/paint.ts'

/** A time in seconds from which on it is most likely a Unix time: 1973. */
const UNIX = 1e8

/** What a trace is like, for a person. `whole`: it was read to its end. */
export function drawInspection(
  name: string,
  whole: boolean,
  figures: InspectionFigures,
  width: number,
  paint: Paint,
): string[] {
  const { format, requests, warnings } = figures
  const part = whole ? '' : ' (stopped before the end)'
  return [
    paint('strong', clip(`${name} · ${format} · ${plural(requests, 'request')}${part}`, width)),
    '',
    ...arrivalLines(figures, width),
    '',
    ...sizeLines(figures, width, paint),
    ...keyLines(figures, width, paint),
    ...shares('methods   ', figures.methods, width),
    ...shares('statuses  ', figures.statuses, width),
    ...(warnings.length > 0 ? [''] : []),
    ...warnings.flatMap((warning) =>
      wrapWords(`! ${warning}`, width).map((line) => paint('warn', line)),
    ),
  ]
}

function arrivalLines(figures: InspectionFigures, width: number): string[] {
  const { arrivals, backwardSteps, bad, badLines, badTimes, grain, requests, skipped } = figures
  const { busiest, dispersion, dispersionOfMinutes, gapCv } = arrivals
  const place = figures.format === 'har' ? 'entry' : 'line'
  const lines = [
    ...wrap('span      ', [clock(figures.span), `from ${startOf(figures.start)}`], width),
    ...wrap(
      'rate      ',
      [
        `${figure(figures.rate)} requests/s`,
        `busiest second ${count(busiest.count)}, at ${clock(busiest.at)}`,
      ],
      width,
    ),
    ...wrap(
      'bursts    ',
      [
        `CV of gaps ${figure(gapCv)}`,
        `dispersion ${figure(dispersion)} in 1 s, ${figure(dispersionOfMinutes)} in 60 s`,
        'Poisson: 1',
      ],
      width,
    ),
    ...wrap(
      'clock     ',
      [
        `"${clip(figures.clock)}" ${grain === 0 ? 'never changes' : `resolves ${grainOf(grain)}`}`,
        `${plural(figures.ties, 'tie')} (${percent(figures.ties / Math.max(1, requests - 1))})`,
        plural(backwardSteps, 'step backward', 'steps backward'),
      ],
      width,
    ),
  ]
  if (skipped > 0)
    lines.push(
      `skipped   ${plural(skipped, `${place} without a request`, 'lines without a request')}`,
    )
  if (bad === 0) return lines
  const times = badTimes > 0 ? `, ${count(badTimes)} of them for the time` : ''
  lines.push(`bad       ${count(bad)} (${percent(bad / (bad + skipped + requests))})${times}`)
  for (const { line, reason } of badLines) {
    lines.push(...wrapWords(`${place} ${line}: ${reason}`, width, '          '))
  }
  return lines
}

function sizeLines({ bytes, work }: InspectionFigures, width: number, paint: Paint): string[] {
  const row = (name: string, sizes: SizeFigures): Cell[] => {
    const { tail } = sizes
    const error = tail === undefined ? '' : ` ± ${figure(2 * tail.standardError)}`
    const index = tail === undefined ? '–' : figure(tail.index) + error
    return [
      name + (sizes.sampled ? ' (sample)' : ''),
      count(sizes.count),
      ...[sizes.mean, sizes.median, sizes.p99, sizes.max, sizes.cv].map(figure),
      index,
    ]
  }
  const rows = [
    ...(bytes === undefined ? [] : [row('bytes', bytes)]),
    ...(work === undefined ? [] : [row('work, ms', work)]),
  ]
  if (rows.length === 0) return []
  const columns = [
    ...columnsOf('left', 'sizes'),
    ...columnsOf('right', 'known', 'mean', 'median', 'p99', 'max', 'CV', 'tail index'),
  ]
  return [...drawColumns(columns, rows, width, paint), '']
}

function keyLines({ keys }: InspectionFigures, width: number, paint: Paint): string[] {
  if (keys === undefined) return []
  const { distinct, hundredth, lost, top } = keys
  const about = lost > 0 ? 'at least ' : ''
  const columns = [...columnsOf('left', 'key'), ...columnsOf('right', 'requests', 'share')]
  const rows = top.map(({ key, count: number, share }) => [
    shown(key, Math.max(10, width - 22)),
    count(number),
    percent(share),
  ])
  return [
    ...wrap(
      'keys      ',
      [
        `${about}${count(distinct)}`,
        `the busiest hundredth, ${count(hundredth.keys)}, has ${percent(hundredth.share)}`,
      ],
      width,
    ),
    ...drawColumns(columns, rows, width, paint),
    '',
  ]
}

function shares(label: string, counted: readonly Counted[], width: number): string[] {
  if (counted.length === 0) return []
  const items = counted.map(
    ({ key, count: number, share }) => `${shown(key, 20)} ${count(number)} (${percent(share)})`,
  )
  return wrap(label, items, width)
}

/** What is somebody's bytes, as the text that it most likely is. */
function shown(bytes: string, length: number): string {
  return clip(Buffer.from(bytes, 'latin1').toString('utf8'), length - 1)
}

function startOf(seconds: number): string {
  if (seconds < UNIX || seconds > 8.64e12) return `${seconds} s`
  return new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.000Z$|Z$/, ' UTC')
}

function grainOf(milliseconds: number): string {
  if (milliseconds >= 1000) return `${milliseconds / 1000} s`
  return milliseconds >= 1 ? `${milliseconds} ms` : `${Math.round(milliseconds * 1000)} µs`
}

/** Three digits that mean something, however small. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 100) return count(value)
  if (size >= 9.995) return value.toFixed(1)
  if (size >= 0.995 || size === 0) return value.toFixed(2)
  return String(Number(value.toPrecision(3)))
}
