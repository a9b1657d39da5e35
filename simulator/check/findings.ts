import { type Path, type Problem, writePath } from '../../proxy/core/problems.ts'

/** A list of a million wrong times is one mistake: so many are told of a list, and so many in all. */
const MOST_OF_LIST = 3
const MOST = 100

/** What is wrong with a scenario, in the order in which it was found. */
export class Findings {
  readonly problems: Problem[] = []

  get count(): number {
    return this.problems.length
  }

  add(path: Path, text: string, atKey = false): void {
    if (this.problems.length < MOST) this.problems.push({ path, text, ...(atKey && { atKey }) })
  }

  /**
   * Runs a check that throws a `RangeError` with a written path at its beginning, and makes a problem of it: so rules that are checked where
   * they are needed are not written a second time.
   */
  try(path: Path, check: (written: string) => void): void {
    const written = writePath(path)
    try {
      check(written)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const { message } = error
      const rest = message.startsWith(written) ? message.slice(written.length) : ` ${message}`
      const end = rest.indexOf(' ')
      this.add([...path, ...keysOf(rest.slice(0, end))], rest.slice(end + 1))
    }
  }

  /** All that there are of a list, but only the first few problems. */
  each(values: readonly unknown[], check: (value: unknown, index: number) => void): void {
    const before = this.count
    for (let i = 0; i < values.length && this.count < before + MOST_OF_LIST; i++)
      check(values[i], i)
  }
}

/** `.branches[0].mean` */
function keysOf(written: string): Path {
  return [...written.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? name : Number(index),
  )
}
