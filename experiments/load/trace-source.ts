import { closeSync, openSync, readSync } from 'node:fs'
import { TraceReader } from '../../simulator/trace/reader.ts'
import type { TraceEntry, TraceReport } from '../../simulator/trace/trace.ts'
import type { DueRequest, Source } from './source.ts'

const BLOCK = 64 * 1024

/** A share of bad lines above which a file is most likely not what it was taken for. */
const MOST_BAD = 0.01

/** The trace cannot be replayed; the message says which file and why. */
export class TraceError extends Error {
  override name = 'TraceError'
}

/**
 * Reads a trace once from end to end, so that all of it is known to be sound, and how long it is, before anything is sent.
 * Throws a `TraceError`.
 */
export function inspectTrace(file: string): TraceReport {
  const lines = readEntries(file)
  let step = lines.next()
  while (step.done !== true) step = lines.next()
  const report = step.value
  if (report.entries === 0) throw new TraceError(`${file} holds no request`)
  if (report.bad > (report.entries + report.bad) * MOST_BAD) {
    const examples = report.badLines.map(({ line, reason }) => `\n  line ${line}: ${reason}`)
    const all = report.entries + report.bad
    throw new TraceError(
      `${file}: ${report.bad} of ${all} lines cannot be read${examples.join('')}`,
    )
  }
  return report
}

/**
 * Replays a trace at its own times divided by `speed`: gaps keep their proportions, ties stay ties, and what steps back in
 * time is due together with the latest before it. The file is read as it is needed, so it may be larger than memory.
 */
export class TraceSource implements Source {
  private readonly entries: Generator<TraceEntry, TraceReport>
  private readonly speed: number
  private latest = 0

  constructor(file: string, speed: number) {
    this.entries = readEntries(file)
    this.speed = speed
  }

  next(): DueRequest | undefined {
    const step = this.entries.next()
    if (step.done === true) return undefined
    const { t, method, path, key } = step.value
    if (t > this.latest) this.latest = t
    return { time: this.latest / this.speed, method, path, client: key }
  }
}

function* readEntries(file: string): Generator<TraceEntry, TraceReport> {
  let entries: TraceEntry[] = []
  const reader = new TraceReader({}, (entry) => entries.push(entry))
  try {
    for (const block of readBlocks(file)) {
      reader.chunk(block)
      yield* entries
      entries = []
    }
    reader.end()
    yield* entries
  } catch (error) {
    throw new TraceError(`${file} ${whyNot(error as NodeJS.ErrnoException)}`, { cause: error })
  }
  return reader
}

function whyNot(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'does not exist'
  if (error.code === 'EISDIR') return 'is a directory, not a trace'
  return `cannot be read: ${error.message}`
}

/** Blocking on purpose: 64 KiB take some microseconds, and a source gives its next request at once or not at all. */
function* readBlocks(file: string): Generator<string, void> {
  const descriptor = openSync(file, 'r')
  try {
    const block = Buffer.allocUnsafe(BLOCK)
    for (;;) {
      const length = readSync(descriptor, block, 0, BLOCK, null)
      if (length === 0) return
      // Byte by byte, so that paths stay as they were recorded and no character is cut in two.
      yield block.toString('latin1', 0, length)
    }
  } finally {
    closeSync(descriptor)
  }
}
