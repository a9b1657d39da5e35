const START = Buffer.from('HTTP/1.1 100')
const END = '\r\n\r\n'
/** A head that is longer is left to the parser, which has limits of its own. In bytes. */
const LONGEST = 16 * 1024

/**
 * Takes `100 Continue` out of the bytes before an answer. The proxy answers a client's Expect itself and never asks a backend
 * for a 100, but some send one unasked, which any client has to bear (RFC 9110, section 15.2.1); undici breaks the connection
 * off instead.
 */
export class ContinueFilter {
  private held: Buffer | undefined

  /** What is left of a piece that came where a head may begin; null: nothing, for now. */
  pass(piece: Buffer): Buffer | null {
    let rest = this.held === undefined ? piece : Buffer.concat([this.held, piece])
    this.held = undefined
    for (;;) {
      const length = Math.min(rest.length, START.length)
      if (rest.compare(START, 0, length, 0, length) !== 0) return rest
      const end = rest.indexOf(END)
      if (end < 0) {
        if (rest.length > LONGEST) return rest
        this.held = rest
        return null
      }
      rest = rest.subarray(end + END.length)
      if (rest.length === 0) return null
    }
  }
}
