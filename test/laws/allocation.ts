import { getHeapStatistics } from 'node:v8'

/** So many that the blocks in which the engine counts its heap, half a MB in a round without news, do not matter. */
const COUNT = 1_000_000
/** The first thing after a collection, however small, takes a whole one: the loop's own numbers do. */
const BLOCK = 2 ** 18

/** Node 24 does not count what was allocated of all time. */
export const countable = 'total_allocated_bytes' in getHeapStatistics()

/**
 * How many bytes a call allocates; best in a process started with `--expose-gc`. The least of some rounds, for up to `patience`
 * milliseconds of this process's own or until it is `enough`: code that is not compiled yet boxes its numbers, which is the engine's doing and passes.
 */
export function bytesEach(
  work: () => void,
  patience: number,
  { count = COUNT, enough = 1 } = {},
): number {
  let least = Infinity
  const deadline = spent() + patience
  do {
    globalThis.gc?.()
    const before = allocated()
    for (let i = 0; i < count; i++) work()
    least = Math.min(least, Math.max(0, allocated() - before - BLOCK) / count)
  } while (least > enough && spent() < deadline)
  return least
}

/** Time on a processor: on a busy machine a clock on the wall runs while the compiler waits. */
function spent(): number {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

/** Of all time, so that a collection in between hides nothing. */
function allocated(): number {
  return (getHeapStatistics() as unknown as { total_allocated_bytes: number }).total_allocated_bytes
}
