import type { Snapshot } from '../core/snapshot.ts'
import { compactOf } from '../core/compact-row.ts'

/** Fifteen minutes. */
const MOST_ROWS = 900
/** With hundreds of servers it is less time that is kept, not more memory. */
const MOST_BYTES = 2 * 1024 * 1024

/** The last rows, as they are sent: so that keeping them costs what they are long, and sending them no work. */
export class Rows {
  private readonly pieces: Buffer[] = []
  private bytes = 0

  add(snapshot: Snapshot): void {
    const piece = Buffer.from(JSON.stringify(compactOf(snapshot), rounded))
    this.pieces.push(piece)
    this.bytes += piece.length + 1
    while (this.pieces.length > MOST_ROWS || this.bytes > MOST_BYTES) {
      this.bytes -= this.pieces.shift()!.length + 1
    }
  }

  /** A `Past`, in JSON. */
  past(startedAt: string): Buffer {
    const all: Buffer[] = [Buffer.from(`{"startedAt":${JSON.stringify(startedAt)},"rows":[`)]
    this.pieces.forEach((piece, i) => all.push(i === 0 ? EMPTY : COMMA, piece))
    all.push(END)
    return Buffer.concat(all)
  }
}

const EMPTY = Buffer.alloc(0)
const COMMA = Buffer.from(',\n')
const END = Buffer.from(']}\n')

/** Nobody sees more of it in a picture; times are whole already. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Math.abs(value) >= 1e5
      ? Math.round(value)
      : Number(value.toPrecision(5))
    : value
}
