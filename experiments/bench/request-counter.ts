const HEAD_END = Buffer.from('\r\n\r\n')
const NOTHING = Buffer.alloc(0)

/** What a backend has seen, all connections together. */
export interface Seen {
  /** Requests of the benchmark. */
  requests: number
  /** Active checks of a proxy: GET /health. */
  checks: number
}

/** Counts the requests without a body that one connection carries. */
export class RequestCounter {
  private readonly seen: Seen
  private kept: Buffer = NOTHING

  constructor(seen: Seen) {
    this.seen = seen
  }

  /** How many requests ended within this chunk. Throws for what is no GET. */
  read(chunk: Buffer): number {
    const bytes = this.kept.length === 0 ? chunk : Buffer.concat([this.kept, chunk])
    let ended = 0
    let start = 0
    for (;;) {
      const end = bytes.indexOf(HEAD_END, start)
      if (end < 0) break
      this.count(bytes, start)
      ended++
      start = end + HEAD_END.length
      if (start === bytes.length) break
    }
    this.kept = start === bytes.length ? NOTHING : bytes.subarray(start)
    return ended
  }

  private count(bytes: Buffer, start: number): void {
    const line = bytes.toString('latin1', start, start + 12)
    if (!line.startsWith('GET /')) throw new Error(`not a GET: ${line}`)
    if (line === 'GET /health ') this.seen.checks++
    else this.seen.requests++
  }
}
