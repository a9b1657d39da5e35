import {
  clip,
  clock,
  count,
  milliseconds,
  NOTHING,
  percent,
  plural,
  wrapWords,
  paragraphs,
} from '../../simulator/format.ts'
import { inOrder } from '../../simulator/infer/rebuild.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import { type Cell, columnsOf, drawColumns } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'
import type { Forecast } from './forecast.ts'
import type { Headroom } from './headroom.ts'
import { workersOf } from './knowledge.ts'
import type { Found } from './planning.ts'
import * as words from './words.ts'

/** A time in milliseconds from which on it is most likely a Unix time: 1973. */
const UNIX = 1e11

/** For a person. */
export function humanReport(found: Found, width: number, paint: Paint): string {
  const parts = [
    head(found, width, paint),
    knowledge(found, width, paint),
    servers(found, width, paint),
    calibration(found, width, paint),
    forecasts(found, width, paint),
    loads(found, width, paint),
    headrooms(found, width, paint),
    wrapWords(words.conclusion(found), width).map((line) => paint('strong', line)),
    found.interrupted ? [paint('warn', 'Stopped: this is what was known until then.')] : [],
  ]
  return paragraphs(parts)
}

function head({ current, log }: Found, width: number, paint: Paint): string[] {
  const { book, format, name, start } = log
  const span = clock(book.times[book.count - 1])
  const from =
    start > UNIX ? ` from ${new Date(start).toISOString().slice(0, 19).replace('T', ' ')} UTC` : ''
  return [
    paint(
      'strong',
      clip(`${name} · ${format} · ${plural(book.count, 'request')} in ${span}${from}`, width),
    ),
    ...wrapWords(periodWords(log), width),
    `${current} ran`,
  ].filter((line) => line !== '')
}

/** What of the file was used. */
function periodWords({ book, requests }: Found['log']): string {
  if (book.forgotten > 0)
    return `the latest ${count(book.count)} of the period: ${count(book.forgotten)} before them were let go, so that memory stays bounded (--most)`
  return book.count === requests ? '' : `of ${count(requests)} in the file`
}

function knowledge(
  { knowledge: { estimated, known, unknown } }: Found,
  width: number,
  paint: Paint,
): string[] {
  const of = (title: string, items: readonly string[], tone: Tone): string[] =>
    items.flatMap((item, i) =>
      wrapWords(item, width - 11).map((line, j) =>
        `${paint('faint', (i + j === 0 ? title : '').padEnd(11))}${paint(tone, line)}`.trimEnd(),
      ),
    )
  return [
    ...of('known', known, 'plain'),
    ...of('estimated', estimated, 'plain'),
    ...of('not known', unknown, 'faint'),
  ]
}

function servers({ estimate, log }: Found, width: number, paint: Paint): string[] {
  if (log.book.tries.count === 0) return []
  const all = estimate.servers.reduce((sum, each) => sum + each.visits, 0)
  const columns = [
    ...columnsOf('left', 'server'),
    ...columnsOf('right', 'share', 'work, ms', 'speed', 'most in hand', 'errors'),
    ...columnsOf('left', 'workers'),
  ]
  const rows = inOrder(estimate.servers).map((each) => [
    each.id,
    percent(each.visits / all),
    milliseconds(each.demand),
    each.speed.toFixed(2),
    count(each.mostInHand),
    each.failure === undefined ? '0' : percent(each.failure.rate),
    workersOf(each),
  ])
  return drawColumns(columns, rows, width, paint)
}

function calibration(
  { calibration: done, refused, current, doubts }: Found,
  width: number,
  paint: Paint,
): string[] {
  if (done === undefined) return doubts.flatMap((each) => wrapWords(`! ${each}`, width))
  const { checked, learned, tested } = done
  const title = refused
    ? `✘ The copy does not do what ${current} did`
    : `✔ The copy does what ${current} did`
  const how = `learned from the first ${count(learned)} requests, tested on the ${count(tested)} after them`
  const columns = [
    ...columnsOf('left', ''),
    ...columnsOf('right', 'measured', 'copy', 'off', 'allowed'),
    ...columnsOf('left', ''),
  ]
  const rows = checked.map((each): Cell[] => {
    const { bound, copied, error, measured, title: name } = words.checkWords(each)
    const mark: Cell = each.passed ? '' : { text: '✘ too far', tone: 'bad' }
    return [name, measured, copied, error, bound, mark]
  })
  return [
    ...wrapWords(`${title}: ${how}`, width).map((line) => paint(refused ? 'bad' : 'good', line)),
    ...drawColumns(columns, rows, width, paint),
    ...doubts.flatMap((each) => wrapWords(`! ${each}`, width).map((line) => paint('warn', line))),
  ]
}

function forecasts({ forecasts: all, refused }: Found, width: number, paint: Paint): string[] {
  if (all.length === 0) return []
  const columns = [
    ...columnsOf('left', 'the same period, ms'),
    ...columnsOf('right', 'p50', 'p95', 'p99', 'errors', 'retries', 'keys moved'),
  ]
  const rows = all.map((each, i) => [
    i === 0 ? `${each.label} (now)` : each.label,
    words.time(each.ranges.p50),
    words.time(each.ranges.p95),
    words.time(each.ranges.p99),
    percent(each.ranges.errors.value),
    percent(each.retries),
    each.moved === undefined ? NOTHING : percent(each.moved),
  ])
  const [now, ...others] = all
  const marks = {
    better: ['good', '✔'],
    worse: ['bad', '✘'],
    'cannot tell': ['faint', '?'],
  } as const
  return [
    ...(refused
      ? [paint('warn', '! All of this by a copy that is not to be trusted (--anyway):')]
      : []),
    ...drawColumns(columns, rows, width, paint),
    ...wrapWords(words.INTERVALS, width).map((line) => paint('faint', line)),
    '',
    ...others.flatMap((each) => {
      const [tone, mark] = marks[each.word!]
      return wrapWords(`${mark} ${words.verdictWords(each, now)}`, width).map((line) =>
        paint(tone, line),
      )
    }),
  ].slice(0, others.length === 0 ? -1 : undefined)
}

/** Who would have had to do how much. */
function loads({ forecasts: all }: Found, width: number, paint: Paint): string[] {
  if (all.length === 0) return []
  const ids = [...new Set(all.flatMap((each) => each.servers.map(({ id }) => id)))]
  if (ids.length > MOST_COLUMNS) return busiestOnly(all, width, paint)
  const columns = [...columnsOf('left', 'share · busy'), ...columnsOf('right', ...ids)]
  const rows = all.map((each) => [
    each.label,
    ...ids.map((id): Cell => {
      const load = each.servers.find((of) => of.id === id)
      if (load === undefined) return NOTHING
      const busy =
        load.utilization === undefined
          ? `${load.inHand.toFixed(1)} in hand`
          : percent(load.utilization)
      const text = `${percent(load.share)} · ${busy}${load.beyond ? ' !' : ''}`
      return load.beyond ? { text, tone: 'warn' } : text
    }),
  ])
  const beyond = all.some((each) => each.servers.some((load) => load.beyond))
  return [
    ...drawColumns(columns, rows, width, paint),
    ...(beyond
      ? [paint('warn', '! more at a time than it ever had: nobody knows how it is then')]
      : []),
  ]
}

const MOST_COLUMNS = 5

function busiestOnly(all: readonly Forecast[], width: number, paint: Paint): string[] {
  const columns = [...columnsOf('left', ''), ...columnsOf('right', 'shares', 'busiest', 'idlest')]
  const rows = all.map(({ label, servers: loads }) => {
    const shares = loads.map(({ share }) => share).sort((a, b) => a - b)
    const sorted = loads.toSorted(
      (a, b) => (b.utilization ?? b.inHand) - (a.utilization ?? a.inHand),
    )
    const told = ({ id, inHand, utilization }: (typeof loads)[number]): string =>
      `${id} ${utilization === undefined ? `${inHand.toFixed(1)} in hand` : percent(utilization)}`
    return [
      label,
      `${percent(shares[0])} to ${percent(shares.at(-1)!)}`,
      told(sorted[0]),
      told(sorted.at(-1)!),
    ]
  })
  return drawColumns(columns, rows, width, paint)
}

function headrooms(
  { bound, headrooms: all, log, stressed }: Found,
  width: number,
  paint: Paint,
): string[] {
  if (all.length === 0 || bound === undefined) return []
  const columns = [
    ...columnsOf('left', 'if one dies'),
    ...columnsOf('left', ''),
    ...columnsOf('right', 'p99, ms', 'errors', 'busiest'),
  ]
  const rows = all.flatMap(({ label, without }) =>
    worst(without).map((each, i) => [i === 0 ? label : '', ...words.withoutWords(each)]),
  )
  const left = Math.max(0, all[0].without.length - MOST_DEAD)
  const fewer =
    left > 0
      ? [paint('faint', `the ${MOST_DEAD} that would be missed most; --format json has all`)]
      : []
  const part =
    stressed < log.book.count
      ? [paint('faint', `of the busiest ${count(stressed)} requests that follow each other`)]
      : []
  const growth = drawColumns(
    [
      ...columnsOf('left', 'traffic that it bears'),
      ...columnsOf('right', `until ${bound.key} is ${milliseconds(bound.below)} ms`),
    ],
    all.map((each) => [each.label, words.growthWords(each)]),
    width,
    paint,
  )
  return [
    ...(rows.length > 0 ? [...drawColumns(columns, rows, width, paint), ...fewer, ''] : []),
    ...growth,
    ...part,
  ]
}

/** Of a large pool. */
const MOST_DEAD = 4

function worst(without: Headroom['without']): Headroom['without'] {
  if (without.length <= MOST_DEAD) return without
  return without.toSorted((a, b) => b.errors - a.errors || b.p99 - a.p99).slice(0, MOST_DEAD)
}
