import { createHash, randomBytes } from 'node:crypto'

/** How long tickets are sealed with the same keys, in milliseconds. Node takes none that is older than five minutes, whatever its keys. */
const PERIOD = 3_600_000

/** `keys`: 48 bytes, as node:tls wants them. `period`: for which hour, by Unix time. */
export interface TicketKeyData {
  readonly keys: Uint8Array
  readonly period: number
}

/**
 * The keys that seal sessions of TLS, so that another thread can take them up. Whoever learns them can read what was said with TLS 1.2 in
 * such a session (RFC 5077, section 5.5), so they are good for an hour: the next ones are the SHA-384 of those before, which every thread
 * works out for itself, and from which nobody gets back.
 */
export class TicketKeys {
  private current: TicketKeyData

  private constructor(current: TicketKeyData) {
    this.current = current
  }

  /** `unix`: the time, in milliseconds. */
  static drawn(unix: number): TicketKeys {
    return new TicketKeys({ keys: randomBytes(48), period: periodOf(unix) })
  }

  /** Those of another thread. */
  static from(data: TicketKeyData): TicketKeys {
    return new TicketKeys(data)
  }

  get bytes(): Buffer {
    return Buffer.from(this.current.keys)
  }

  /** For another thread. */
  get data(): TicketKeyData {
    return this.current
  }

  /** True: they are others from here on. A clock that is set back changes nothing. */
  turn(unix: number): boolean {
    const now = periodOf(unix)
    if (now <= this.current.period) return false
    let { keys, period } = this.current
    for (; period < now; period++) keys = createHash('sha384').update(keys).digest()
    this.current = { keys, period }
    return true
  }
}

function periodOf(unix: number): number {
  return Math.floor(unix / PERIOD)
}
