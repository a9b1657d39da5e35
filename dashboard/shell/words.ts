/** Numbers and changes as the pages say them. */
import type { Note } from '../../proxy/admin/notes.ts'
import type { StateEvent } from '../../proxy/core/snapshot.ts'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** Three significant digits at most, and no zeros to fill up: 1,200, 12.4, 0.03. */
export function short(value: number): string {
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(3))
  if (Math.abs(rounded) >= 100) return whole.format(rounded)
  return rounded.toFixed(Math.abs(rounded) >= 10 ? 1 : 2)
}

/** A value at an axis: no more digits than it has. */
export function tick(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : String(Number(value.toPrecision(3)))
}

/** A share as per cent, with one digit after the point below 10 %. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  if (value < 0.01) return '< 0.01 %'
  return `${value.toFixed(value < 1 ? 2 : 1)} %`
}

/** A duration as number and unit. */
export function duration(milliseconds: number): [value: string, unit: string] {
  return milliseconds < 999.5 ? [short(milliseconds), 'ms'] : [short(milliseconds / 1000), 's']
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A long time in words: 14 minutes. */
export function ago(milliseconds: number): string {
  const [word, size] = UNITS.find(([, size]) => milliseconds >= size) ?? UNITS[3]
  const count = Math.floor(milliseconds / size)
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** A change of state as a sentence without its subject. */
export function sentenceOf({
  from,
  reason,
  to,
}: Pick<StateEvent, 'from' | 'to' | 'reason'>): string {
  const because = reason === '' ? '' : `: ${reason}`
  if (to === 'gone') return 'was taken out'
  if (from === 'gone') return `was added, and is ${to}${because}`
  if (to === 'up') return `is up again${because}`
  return to === 'down' ? `went down${because}` : `is ${to}${because}`
}

/** What somebody has changed, as a sentence. */
export function noteOf(note: Note): string {
  if (note.kind === 'switched') return `Strategy switched from ${note.from} to ${note.to}`
  if (note.kind === 'weighed') {
    return `${note.server} has weight ${tick(note.to)}, and had ${tick(note.from)}`
  }
  return note.ok ? 'Configuration read again' : 'Configuration could not be used; nothing changed'
}
