import type { Snapshot } from '../proxy/core/snapshot.ts'

/** What stands where there is no number. */
export const NOTHING = '–'

/** 30969 → `30,969`. */
export function count(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 0 })
}

/** A share from 0 to 1 → `33.3 %`. */
export function percent(share: number | null): string {
  return share === null ? NOTHING : `${(share * 100).toFixed(1)} %`
}

/** A share that should be; `~` marks one that is a yardstick only, because the strategy follows the load. */
export function expected(share: number | null, promise: Snapshot['promise'] | undefined): string {
  return share !== null && promise === 'adaptive' ? `~${percent(share)}` : percent(share)
}

/** What the mark of an expected share means: a footnote, when there is such a mark. */
export function promiseNotes(
  strategy: string,
  promise: Snapshot['promise'] | undefined,
): readonly string[] {
  return promise === 'adaptive' ? [`~ by weight; ${strategy} follows the load`] : []
}

/** Milliseconds with three digits that mean something: `0.42`, `12.3`, `1,204`. */
export function milliseconds(value: number | null): string {
  if (value === null || Number.isNaN(value)) return NOTHING
  if (value >= 100) return count(value)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** Per second: `33.4`, `1,204`. */
export function rate(value: number): string {
  return value >= 100 ? count(value) : value.toFixed(1)
}

/** A length of time in milliseconds, as a clock shows it: `0:07`, `12:40`, `1:02:03`. */
export function clock(elapsed: number): string {
  const seconds = Math.floor(elapsed / 1000)
  const minutes = Math.floor(seconds / 60)
  const rest = String(seconds % 60).padStart(2, '0')
  if (minutes < 60) return `${minutes}:${rest}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

/** `1 request`, `2 requests`. */
export function plural(number: number, thing: string, things = `${thing}s`): string {
  return `${count(number)} ${number === 1 ? thing : things}`
}

/** At most `width` characters; what is cut off leaves an ellipsis. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`
}

/** Puts items on lines of at most `width`; lines after the first begin with as many spaces as `label` has characters. */
export function wrap(label: string, items: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = label
  let empty = true
  for (const item of items) {
    const longer = empty ? line + item : `${line} · ${item}`
    if (!empty && longer.length > width) {
      lines.push(line)
      line = ' '.repeat(label.length) + item
    } else {
      line = longer
    }
    empty = false
  }
  lines.push(line)
  return lines.map((text) => clip(text, width))
}

/** A text on as many lines as it needs; those after the first are set in a little. */
export function wrapWords(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`
    if (line !== '' && longer.length > width) {
      lines.push(line)
      line = `${indent}  ${word}`
    } else {
      line = longer
    }
  }
  return [...lines, line]
}

/** Parts of a report with a line between them, without those that are empty. */
export function paragraphs(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}
