/** The middle of several measurements, and how far they went apart. */
export interface Spread {
  median: number
  min: number
  max: number
}

/** Undefined when there is nothing to tell. */
export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { median, min: sorted[0], max: sorted[sorted.length - 1] }
}

/** `1.23 (1.20..1.31)`, as tables have it; without the ends where they are the same. */
export function apart(value: Spread | undefined, digits: number): string {
  if (value === undefined) return '-'
  const [median, min, max] = [value.median, value.min, value.max].map((n) => n.toFixed(digits))
  return min === max ? median : `${median} (${min}..${max})`
}

export function middle(value: Spread | undefined, digits: number): string {
  return value === undefined ? '-' : value.median.toFixed(digits)
}

/** How much y grows a unit of x, by least squares; NaN for fewer than two different x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  let meanX = 0
  let meanY = 0
  for (const [x, y] of points) {
    meanX += x / points.length
    meanY += y / points.length
  }
  let above = 0
  let below = 0
  for (const [x, y] of points) {
    above += (x - meanX) * (y - meanY)
    below += (x - meanX) ** 2
  }
  return above / below
}
