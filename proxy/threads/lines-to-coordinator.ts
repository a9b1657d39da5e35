import { BATCH, type LogSink } from '../http/log-sink.ts'

/** Sends a worker's lines to the coordinator. Only one thread may write to a pipe, or lines would be torn apart. */
export class LinesToCoordinator implements LogSink {
  readonly dropped = 0 // Who writes counts them.
  private readonly post: (lines: string) => void
  private pending = ''

  constructor(post: (lines: string) => void) {
    this.post = post
  }

  add(lines: string): void {
    this.pending += lines
    if (this.pending.length >= BATCH) this.flush()
  }

  flush(): void {
    if (this.pending === '') return
    this.post(this.pending)
    this.pending = ''
  }

  flushNow(): void {
    this.flush()
  }

  close(): Promise<void> {
    this.flush()
    return Promise.resolve()
  }
}
