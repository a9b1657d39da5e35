import type { LaneFrame, ServerFrame } from '../../race/frame.ts'
import { fade, type Theme } from '../../plots/theme.ts'
import { type Geometry, perRow, placeOf, roomOf, type Vessel } from './geometry.ts'
import { Motion } from './motion.ts'

/** How many colours there are from new to old. */
const AGES = 10
/** From one to the other it takes so many times as long. */
const OLD = 64

export interface Paint {
  readonly theme: Theme
  /** From new to old. */
  readonly ages: readonly string[]
  /** The accent of this lane. */
  readonly accent: string
}

export function paintsOf(theme: Theme, accent: string): Paint {
  const [fresh, late, old] = [theme.series[4], theme.series[1], theme.bad]
  const ages = Array.from({ length: AGES }, (_, i) => {
    const part = (i / (AGES - 1)) * 2
    return part <= 1
      ? `color-mix(in oklab, ${late} ${Math.round(part * 100)}%, ${fresh})`
      : `color-mix(in oklab, ${old} ${Math.round((part - 1) * 100)}%, ${late})`
  })
  return { theme, ages, accent }
}

/** Which colour a request of that age has; `unit`: how long one takes that does not wait. */
function ageIndex(age: number, unit: number): number {
  const part = Math.log(Math.max(1, age / unit)) / Math.log(OLD)
  return Math.min(AGES - 1, Math.floor(part * AGES))
}

/** One lane: the dispatcher and its rail, the vessels, and the requests in them. */
export function paint(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  frame: LaneFrame,
  motion: Motion,
  paints: Paint,
  unit: number,
  now: number,
): void {
  const { height, width } = geometry
  context.clearRect(0, 0, width, height)
  rail(context, geometry, frame, paints)
  frame.servers.forEach((server, i) => {
    vessel(context, geometry, geometry.vessels[i], server, motion.size, paints)
  })
  leavers(context, geometry, motion, paints, now)
  dots(context, motion, paints, unit)
}

function isWell(state: ServerFrame['state']): boolean {
  return state === 'up' || state === 'full'
}

function rail(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  frame: LaneFrame,
  { accent, theme }: Paint,
): void {
  const { mouth, rail: y, vessels } = geometry
  const ends = vessels.filter((_, i) => frame.servers[i]?.state !== 'gone')
  const middles = ends.map(({ left, width }) => left + width / 2)
  context.lineWidth = 1.5
  context.strokeStyle = theme.rule
  context.beginPath()
  context.moveTo(Math.min(mouth, ...middles), y)
  context.lineTo(Math.max(mouth, ...middles), y)
  if (geometry.named) {
    for (const x of middles) {
      context.moveTo(x, y)
      context.lineTo(x, geometry.brim - 8)
    }
  }
  context.stroke()
  context.fillStyle = accent
  context.beginPath()
  context.roundRect(mouth - 16, y - 6, 32, 12, 6)
  context.fill()
  if (frame.waiting === 0) return
  context.font = `600 11px ${theme.font}`
  context.textAlign = 'left'
  context.fillStyle = theme.warn
  context.fillText(`${frame.waiting} wait`, mouth + 22, y + 4)
}

function vessel(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  { left, width }: Vessel,
  server: ServerFrame,
  size: number,
  { theme }: Paint,
): void {
  const { base, brim } = geometry
  const { queued, room, serving, state, workers } = server
  if (state === 'gone' && serving + queued === 0) return
  const well = isWell(state)
  const radius = Math.min(8, width / 2)
  context.fillStyle = fade(theme.muted, well ? 0.07 : 0.03)
  context.beginPath()
  context.roundRect(left, brim, width, base - brim, [0, 0, radius, radius])
  context.fill()
  context.strokeStyle = fade(theme.muted, well ? 0.65 : 0.4)
  context.lineWidth = width > 12 ? 1.5 : 1
  context.setLineDash(well ? [] : [3, 3])
  context.beginPath()
  context.moveTo(left, brim)
  context.lineTo(left, base - radius)
  context.quadraticCurveTo(left, base, left + radius, base)
  context.lineTo(left + width - radius, base)
  context.quadraticCurveTo(left + width, base, left + width, base - radius)
  context.lineTo(left + width, brim)
  context.stroke()
  context.setLineDash([])
  places(context, geometry, { left, width }, workers, size, theme)
  rim(context, geometry, { left, width }, workers + room, size, theme)
  fullness(context, geometry, { left, width }, serving + queued, size, theme)
  if (geometry.named) name(context, geometry, { left, width }, server, theme)
}

/** Where a worker has nothing to do there is a ring. */
function places(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  vessel: Vessel,
  workers: number,
  size: number,
  theme: Theme,
): void {
  if (workers > perRow(vessel, size) * 3 || size > vessel.width) return
  context.strokeStyle = fade(theme.muted, 0.45)
  context.lineWidth = 1
  for (let n = 0; n < workers; n++) {
    const [x, y] = placeOf(geometry, vessel, size, n)
    context.beginPath()
    context.arc(x, y, Math.max(1, size / 2 - 1.25), 0, 7)
    context.stroke()
  }
}

/** Whoever comes when it is filled up to here is turned away. */
function rim(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  vessel: Vessel,
  limit: number,
  size: number,
  theme: Theme,
): void {
  if (limit > roomOf(geometry, vessel, size)) return
  const rows = Math.ceil(limit / perRow(vessel, size))
  const y = geometry.base - 3 - rows * size - 1
  context.strokeStyle = theme.text
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(vessel.left - 3, y)
  context.lineTo(vessel.left + vessel.width + 3, y)
  context.stroke()
}

/** More than can be drawn: how many there are. */
function fullness(
  context: CanvasRenderingContext2D,
  geometry: Geometry,
  vessel: Vessel,
  count: number,
  size: number,
  theme: Theme,
): void {
  const over = count - roomOf(geometry, vessel, size)
  if (over <= 0) return
  const { brim } = geometry
  context.fillStyle = theme.bad
  context.beginPath()
  context.roundRect(vessel.left, brim - 5, vessel.width, 3, 1.5)
  context.fill()
  if (vessel.width < 20) return
  context.font = `600 11px ${theme.font}`
  context.textAlign = 'center'
  context.fillText(`+${over}`, vessel.left + vessel.width / 2, brim - 8)
}

/** As the pages say it elsewhere: state is never told by colour alone. */
const GLYPHS: Readonly<Record<ServerFrame['state'], string>> = {
  up: '',
  full: '',
  checking: '◔',
  draining: '◐',
  ejected: '▲',
  down: '✕',
  gone: '–',
}

function name(
  context: CanvasRenderingContext2D,
  { base }: Geometry,
  { left, width }: Vessel,
  { id, speed, state }: ServerFrame,
  theme: Theme,
): void {
  const glyph = GLYPHS[state]
  const pace = speed === 1 ? '' : speed === 0 ? ' stands' : ` ×${Number(speed.toPrecision(2))}`
  context.textAlign = 'center'
  context.font = `11px ${theme.font}`
  context.fillStyle = isWell(state) ? theme.muted : theme.bad
  const words = `${glyph === '' ? '' : `${glyph} `}${id}${pace}`
  context.fillText(words, left + width / 2, base + 15, width * 1.35)
}

function dots(
  context: CanvasRenderingContext2D,
  motion: Motion,
  { ages, theme }: Paint,
  unit: number,
): void {
  const radius = Math.max(1, motion.size / 2 - 0.75)
  for (let i = 0; i < ages.length; i++) {
    context.beginPath()
    for (const { age, x, y } of motion.dots.values()) {
      if (ageIndex(age, unit) !== i) continue
      context.moveTo(x + radius, y)
      context.arc(x, y, radius, 0, 7)
    }
    context.fillStyle = ages[i]
    context.fill()
  }
  // Those that wait are hollow: not by colour alone.
  context.beginPath()
  for (const { serving, x, y } of motion.dots.values()) {
    if (serving || radius < 2.5) continue
    context.moveTo(x + radius * 0.45, y)
    context.arc(x, y, radius * 0.45, 0, 7)
  }
  context.fillStyle = theme.surface
  context.fill()
}

function leavers(
  context: CanvasRenderingContext2D,
  { base, brim }: Geometry,
  motion: Motion,
  { ages, theme }: Paint,
  now: number,
): void {
  const radius = Math.max(1, motion.size / 2 - 0.75)
  for (const leaver of motion.leavers) {
    const part = Motion.gone(leaver, now)
    const { ok, x, y } = leaver
    context.globalAlpha = 1 - part
    if (ok) {
      context.fillStyle = ages[0]
      context.beginPath()
      context.arc(x, y + (base + 12 - y) * part * part, radius * (1 - part * 0.4), 0, 7)
      context.fill()
      continue
    }
    const at = y + (brim - 14 - y) * part
    context.strokeStyle = theme.bad
    context.lineWidth = 2
    context.beginPath()
    context.moveTo(x - radius, at - radius)
    context.lineTo(x + radius, at + radius)
    context.moveTo(x + radius, at - radius)
    context.lineTo(x - radius, at + radius)
    context.stroke()
  }
  context.globalAlpha = 1
}
