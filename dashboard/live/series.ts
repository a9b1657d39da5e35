import type { ChartDataset } from 'chart.js'
import type { Band, BandPoint } from '../plots/bands.ts'
import { fade, type Theme } from '../plots/theme.ts'
import { ERROR_KINDS, type ErrorKind, type Row, type ServerPoint } from './history.ts'

export type Line = ChartDataset<'line', { x: number; y: number | null }[]>

/** Strokes and gaps, in pixels: with more than eight servers colours come again. */
const DASHES: readonly number[][] = [[], [7, 3], [2, 3], [9, 3, 2, 3]]
const COLOURS = 8

/** Rows further apart than that, in milliseconds, are not joined: in between nobody listened. */
const GAP = 5000

export interface Look {
  readonly colour: number
  readonly dash: number
}

/** By place in the order of servers, the same in all charts. */
export function lookOf(place: number): Look {
  return { colour: place % COLOURS, dash: Math.floor(place / COLOURS) % DASHES.length }
}

/** What lines of servers are made of. */
export interface Scene {
  readonly rows: readonly Row[]
  /** In their order. */
  readonly servers: readonly string[]
  /** Somebody looks at this one: the others step back. */
  readonly focus: string | undefined
  readonly theme: Theme
  /** Pixels that a time may be late, thinned rows stand further apart. */
  readonly step?: number
}

/** A line a server; `thick` for the one of two that matters more. */
export function serverLines(
  scene: Scene,
  of: (point: ServerPoint) => number | null,
  { fill = false, width = 1.75 }: { readonly fill?: boolean; readonly width?: number } = {},
): Line[] {
  const { focus, rows, servers, theme } = scene
  return servers.map((id, place) => {
    const { colour, dash } = lookOf(place)
    const dim = focus !== undefined && focus !== id
    const stroke = dim ? fade(theme.series[colour], 0.22) : theme.series[colour]
    return {
      label: id,
      data: joined(rows, ({ servers }) => {
        const point = servers.get(id)
        return point === undefined ? null : of(point)
      }),
      borderColor: stroke,
      borderWidth: width,
      borderDash: DASHES[dash],
      ...(fill && {
        fill: 'stack' as const,
        backgroundColor: fade(theme.series[colour], dim ? 0.08 : 0.32),
      }),
    }
  })
}

const KIND_COLOURS: Readonly<Record<ErrorKind, number>> = { error: 5, timeout: 1, refused: 3 }

/** By kind, stacked. */
export function errorLines({ rows, theme }: Pick<Scene, 'rows' | 'theme'>): Line[] {
  return ERROR_KINDS.map((kind) => ({
    label: kind,
    data: joined(rows, ({ errors }) => errors[kind]),
    borderColor: theme.series[KIND_COLOURS[kind]],
    borderWidth: 1.5,
    fill: 'stack' as const,
    backgroundColor: fade(theme.series[KIND_COLOURS[kind]], 0.32),
  }))
}

export function kindColour(kind: ErrorKind): number {
  return KIND_COLOURS[kind]
}

/** One line that is about all servers. */
export function plainLine(
  rows: readonly Row[],
  label: string,
  of: (row: Row) => number | null,
  colour: string,
  dash: number[] = [],
): Line {
  return { label, data: joined(rows, of), borderColor: colour, borderWidth: 1.5, borderDash: dash }
}

/** Where nobody listened the line is broken. */
function joined(
  rows: readonly Row[],
  of: (row: Row) => number | null,
): { x: number; y: number | null }[] {
  const points: { x: number; y: number | null }[] = []
  const step = rows.length > 1 ? (rows[rows.length - 1].time - rows[0].time) / (rows.length - 1) : 0
  for (let i = 0; i < rows.length; i++) {
    const { time } = rows[i]
    if (i > 0 && time - rows[i - 1].time > Math.max(GAP, 3 * step)) {
      points.push({ x: time - 1, y: null })
    }
    points.push({ x: time, y: of(rows[i]) })
  }
  return points
}

/**
 * What the strategy's promise allows of shares: a band for each due share that some server has, of the one that is looked at alone if there is
 * one. `law`: false for strategies that follow the load, whose due shares are a yardstick without a band.
 */
export function shareBands({ focus, rows, servers, theme }: Scene, law: boolean): Band[] {
  const drawn = new Set<string>()
  const bands: Band[] = []
  servers.forEach((id, place) => {
    if (focus !== undefined && focus !== id) return
    const points: BandPoint[] = []
    for (const { servers: at, time } of rows) {
      const point = at.get(id)
      if (point?.due == null || point.tolerance === null) continue
      const half = law ? point.tolerance : 0
      points.push({ x: time, low: point.due - half, high: point.due + half })
    }
    if (points.length < 2) return
    // Servers that are due the same have one band between them.
    const key = `${points[0].high.toFixed(4)} ${points[points.length - 1].high.toFixed(4)}`
    if (drawn.has(key)) return
    drawn.add(key)
    const { colour } = lookOf(place)
    const ink = focus === undefined ? theme.muted : theme.series[colour]
    bands.push({ points, colour: fade(ink, 0.13), line: fade(ink, 0.6) })
  })
  return bands
}
