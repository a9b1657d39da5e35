import { clock, count } from '../../simulator/format.ts'

const EVERY = 250

/** One line on a terminal that says how far a file is read, how fast, and how long it will take; nothing anywhere else. */
export class ReadProgress {
  private readonly stream: NodeJS.WriteStream
  private readonly name: string
  /** Bytes; undefined where nobody knows. */
  private readonly size: number | undefined
  private readonly startedAt = performance.now()
  private bytes = 0
  private shownAt = performance.now()
  private shown = false

  constructor(stream: NodeJS.WriteStream, name: string, size: number | undefined) {
    this.stream = stream
    this.name = name
    this.size = size
  }

  add(bytes: number): void {
    this.bytes += bytes
  }

  show(requests: number): void {
    const now = performance.now()
    if (!this.stream.isTTY || now - this.shownAt < EVERY) return
    this.shownAt = now
    this.shown = true
    const elapsed = now - this.startedAt
    const parts = [`reading ${this.name}`, `${count(requests)} requests`]
    parts.push(`${count(requests / (elapsed / 1000))}/s`)
    if (this.size !== undefined && this.bytes > 0) {
      const done = Math.min(1, this.bytes / this.size)
      parts.push(`${(done * 100).toFixed(0)} %`, `${clock((elapsed / done) * (1 - done))} left`)
    }
    this.stream.write(`\r\u001B[K${parts.join(' · ').slice(0, (this.stream.columns || 80) - 1)}`)
  }

  end(): void {
    if (this.shown) this.stream.write('\r\u001B[K')
    this.shown = false
  }
}
