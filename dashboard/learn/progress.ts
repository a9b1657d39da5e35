import { signal } from '@preact/signals'

/** Where the device keeps which lessons were done; nothing else knows. */
const KEY = 'evenkeel.lessons'

/** Slugs of lessons that were done. Works without a place to keep them, only not for long. */
export const done = signal<ReadonlySet<string>>(read())

export function markDone(slug: string): void {
  if (done.value.has(slug)) return
  done.value = new Set([...done.value, slug])
  try {
    localStorage.setItem(KEY, JSON.stringify([...done.value]))
  } catch {
    // Private windows and strict settings have no storage: it is remembered for as long as the page is open.
  }
}

function read(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return new Set(Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [])
  } catch {
    return new Set()
  }
}
