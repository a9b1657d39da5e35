/**
 * Whether a verb gave a promise where it should have been done. What becomes of that one troubles nobody then: a rejection that nobody
 * hears of ends the process.
 */
export function isPromise(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
  try {
    const { then } = value as { then?: unknown }
    if (typeof then !== 'function') return false
    then.call(value, undefined, () => {})
  } catch {
    // Not even its `then` can be trusted: no server, and nothing that is done.
  }
  return true
}
