import { closeSync, openSync, write, writeSync } from 'node:fs'

const STDOUT = 1
/** Lines that the disk or the reader of standard output does not take in time are dropped beyond this many characters. */
const MOST_PENDING = 16 * 1024 * 1024
/** A pipe that is full is tried again after so many milliseconds. */
const AGAIN = 50
/** A write is begun as soon as so many characters wait; else at the next tick. */
export const BATCH = 64 * 1024

/** Where the lines of a log go. */
export interface LogSink {
  /** Writes that could not be made, and lines that could not be kept. */
  readonly dropped: number
  /** One line or several, with the line break at the end. */
  add(lines: string): void
  /** Begins to write what waits. */
  flush(): void
  /** Writes what waits before anything else happens, as far as it is taken. For a process that ends at once. */
  flushNow(): void
  /** Resolves when everything is written, or after that many milliseconds if whoever reads it does not. */
  close(patience: number): Promise<void>
}

/**
 * Appends to a file or to standard output, in batches of whole lines, one write at a time. Several may append to one file: the
 * operating system puts each write behind the others. A pipe, as standard output often is, keeps only small writes together, so
 * there has to be one who writes to it.
 */
export class FileSink implements LogSink {
  dropped = 0
  private readonly descriptor: number
  private pending = ''
  private writing = false
  private idle: (() => void) | undefined

  /** Throws the operating system's error if the file cannot be opened for appending. */
  constructor(target: 'stdout' | { file: string }) {
    this.descriptor = target === 'stdout' ? STDOUT : openSync(target.file, 'a')
  }

  add(lines: string): void {
    if (this.pending.length > MOST_PENDING) {
      this.dropped++
      return
    }
    this.pending += lines
    if (this.pending.length >= BATCH) this.flush()
  }

  flush(): void {
    if (this.writing || this.pending === '') return
    const bytes = Buffer.from(this.pending)
    this.pending = ''
    this.writing = true
    this.writeAll(bytes)
  }

  flushNow(): void {
    try {
      if (this.pending !== '') writeSync(this.descriptor, this.pending)
    } catch {
      this.dropped++
    }
    this.pending = ''
  }

  async close(patience: number): Promise<void> {
    this.flush()
    if (this.writing) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.idle = resolve
      const timer = setTimeout(resolve, patience)
      await promise
      clearTimeout(timer)
    }
    if (this.descriptor === STDOUT) return
    if (this.writing) this.idle = () => closeSync(this.descriptor)
    else closeSync(this.descriptor)
  }

  private writeAll(bytes: Buffer): void {
    write(this.descriptor, bytes, (error, written) => {
      if (error !== null && error.code === 'EAGAIN') {
        setTimeout(() => this.writeAll(bytes), AGAIN).unref() // A pipe that is full for the moment.
        return
      }
      if (error === null && written < bytes.length) {
        this.writeAll(bytes.subarray(written))
        return
      }
      if (error !== null) this.dropped++
      this.writing = false
      if (this.pending !== '') this.flush()
      else this.idle?.()
    })
  }
}
