/** Readings to choose the best of. */
const READINGS = 5

/**
 * A monotonic clock in milliseconds that shows the same in every thread. `performance.now()` counts from the start of its
 * own thread; `process.hrtime` has one beginning for all. Both read the same clock of the system, so their difference is
 * taken once (in the reading that took the shortest), and a look at the time costs what it always did.
 *
 * `epoch`: the `process.hrtime.bigint()` that counts as 0.
 */
export function commonClock(epoch: bigint): () => number {
  let shortest = Infinity
  let offset = 0
  for (let i = 0; i < READINGS; i++) {
    const before = performance.now()
    const common = Number(process.hrtime.bigint() - epoch) / 1e6
    const after = performance.now()
    if (after - before >= shortest) continue
    shortest = after - before
    offset = common - (before + after) / 2
  }
  return () => performance.now() + offset
}
