import { computed, signal } from '@preact/signals'
import type { Mark } from '../plots/marks.ts'
import { fade, type Theme } from '../plots/theme.ts'
import { type Happening, happeningOf } from './happenings.ts'
import { end, feed, span } from './state.ts'

/** More lines at a time would hide what they are about. */
const MOST_MARKS = 40

/** The event that somebody looks at, by its key. */
export const opened = signal<string | undefined>(undefined)

/** All that is known to have happened. */
export const happened = computed<readonly Happening[]>(() => {
  void feed.version.value
  return [...feed.events, ...feed.notes].map(happeningOf)
})

/** What of it is in the time that is shown. */
export const inSight = computed<readonly Happening[]>(() => {
  const to = end.value
  const from = to - span.value
  return happened.value.filter(({ time }) => time >= from && time <= to)
})

/** As lines through charts. */
export function marksIn(theme: Theme): readonly Mark[] {
  const chosen = opened.value
  return inSight.value
    .toSorted((a, b) => a.time - b.time)
    .slice(-MOST_MARKS)
    .map(({ key, time }) => ({
      x: time,
      colour: key === chosen ? theme.text : fade(theme.muted, 0.5),
      chosen: key === chosen,
    }))
}
