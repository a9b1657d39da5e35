import { computed, effect, signal } from '@preact/signals'
import { cursor } from '../plots/cursor.ts'
import { Feed } from './feed.ts'
import { type Row, rowsBetween } from './history.ts'

/** What somebody watching has chosen; nothing of it leaves the page. */

export const feed = new Feed('./')

/** How far back the charts go, in milliseconds. */
export const SPANS = [60_000, 300_000, 900_000, 3_600_000] as const
export const span = signal<number>(300_000)

/** Of a proxy that has just begun a minute is shown: five would be a sliver at the edge of nothing. */
const endChoosing = effect(() => {
  void feed.version.value
  const age = feed.history.latest?.time
  if (age === undefined) return
  if (age < SPANS[0]) span.value = SPANS[0]
  endChoosing()
})

/** The end of the charts, in the proxy's milliseconds: where they were paused; undefined: they go on. */
export const pausedAt = signal<number | undefined>(undefined)

/** The server that somebody points at; the others step back. */
export const focus = signal<string | undefined>(undefined)

/** The end of the charts. */
export const end = computed(() => {
  void feed.version.value // Each piece of news may move it.
  return pausedAt.value ?? feed.history.latest?.time ?? 0
})

export const rows = computed<readonly Row[]>(() => {
  void feed.version.value
  return rowsBetween(feed.history.rows, end.value - span.value, end.value)
})

/** The row that is pointed at, or else the last. */
export const pointed = computed<Row | undefined>(() => {
  const all = rows.value
  const time = cursor.value
  if (time === undefined || all.length === 0) return all.at(-1)
  let best = all[0]
  for (const row of all) if (Math.abs(row.time - time) < Math.abs(best.time - time)) best = row
  return best
})

/** Servers in their order; who came later stands at the end, and keeps that place. */
const places = new Map<string, number>()

export const servers = computed<readonly string[]>(() => {
  void feed.version.value
  for (const { id } of feed.history.latest?.servers ?? []) {
    if (!places.has(id)) places.set(id, places.size)
  }
  // Who has left stays as long as it is to be seen.
  const here = new Set(feed.history.latest?.servers.map(({ id }) => id))
  return [...places.keys()].filter(
    (id) => here.has(id) || rows.value.some(({ servers }) => servers.has(id)),
  )
})

export function placeOf(id: string): number {
  return places.get(id) ?? 0
}
