/** Where things are in a lane, in pixels of the screen. Pure: nothing here knows of a canvas. */
export interface Geometry {
  readonly width: number
  readonly height: number
  /** The dispatcher: where requests come in, and the rail on which they go to their server. */
  readonly mouth: number
  readonly rail: number
  /** Vessels stand on the base, and are full at the brim. */
  readonly brim: number
  readonly base: number
  readonly vessels: readonly Vessel[]
  /** Whether there is room for names below them. */
  readonly named: boolean
}

export interface Vessel {
  readonly left: number
  readonly width: number
}

const SIDE = 8
const WIDEST = 104
const NARROWEST_NAMED = 26
const RAIL = 12
const BRIM = 30
const NAMES = 20

export function geometryOf(width: number, height: number, count: number): Geometry {
  const pitch = (width - 2 * SIDE) / Math.max(1, count)
  const gap = pitch > 20 ? Math.min(24, pitch * 0.28) : Math.min(2, pitch * 0.2)
  const vessel = Math.max(1, Math.min(WIDEST, pitch - gap))
  const vessels = Array.from({ length: count }, (_, i) => ({
    left: SIDE + pitch * (i + 0.5) - vessel / 2,
    width: vessel,
  }))
  const named = pitch >= NARROWEST_NAMED
  return {
    width,
    height,
    mouth: width / 2,
    rail: RAIL,
    brim: BRIM,
    base: height - (named ? NAMES : 6),
    vessels,
    named,
  }
}

/** Sizes of dots, the largest first. */
export const SIZES = [15, 11, 8.5, 6.5, 5, 3.5] as const

/** How many dots of that size lie beside each other in a vessel, and in it all together. */
export function perRow(vessel: Vessel, size: number): number {
  return Math.max(1, Math.floor((vessel.width - 4) / size))
}

export function roomOf({ base, brim }: Geometry, vessel: Vessel, size: number): number {
  return perRow(vessel, size) * Math.max(1, Math.floor((base - brim - 4) / size))
}

/** The largest size in which so many fit; small ones stay for a while, so that nothing flickers. */
export function sizeFor(geometry: Geometry, most: number, before: number): number {
  const [vessel] = geometry.vessels
  if (vessel === undefined) return SIZES[0]
  const fits = SIZES.find((size) => size <= vessel.width && roomOf(geometry, vessel, size) >= most)
  const found = fits ?? SIZES[SIZES.length - 1]
  if (found <= before) return found
  return roomOf(geometry, vessel, found) >= most * 2 ? found : before
}

/** The middle of the n-th dot from the bottom. */
export function placeOf(
  { base }: Geometry,
  vessel: Vessel,
  size: number,
  n: number,
): [x: number, y: number] {
  const row = perRow(vessel, size)
  const column = n % row
  const left = vessel.left + (vessel.width - row * size) / 2
  return [left + (column + 0.5) * size, base - 3 - (Math.floor(n / row) + 0.5) * size]
}
