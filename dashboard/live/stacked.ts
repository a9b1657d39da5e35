/** More rows than that are no line any more: what is left over lies upon the last. */
const MOST_ROWS = 4

/**
 * A row for each of some places along a line, so that things as wide as `width` do not lie upon each other, and each can be pointed at: the
 * first row that is free there, from the left.
 */
export function stacked(places: readonly number[], width: number): readonly number[] {
  const ends: number[] = []
  const rows = places.map(() => 0)
  const order = places.map((_, i) => i).toSorted((a, b) => places[a] - places[b])
  for (const i of order) {
    const free = ends.findIndex((end) => end <= places[i])
    const row = free < 0 ? Math.min(ends.length, MOST_ROWS - 1) : free
    ends[row] = places[i] + width
    rows[i] = row
  }
  return rows
}
