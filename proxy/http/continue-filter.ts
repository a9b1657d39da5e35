const INTERIM = Buffer.from('HTTP/1.1 1')
/** Whole lines that end as they should: else it is not certain where the head ends, and an answer could go with it. */
const CONTINUE = /^HTTP\/1\.1 100(?: [^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n$/
/** The last head of its connection: what comes behind it may look like anything. */
const SWITCHING = /^HTTP\/1\.1 101[ \r]/
const END = '\r\n\r\n'
/** A head that is longer is left to the parser, which has limits of its own. In bytes. */
const LONGEST = 16 * 1024
const NOTHING = Buffer.alloc(0)

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
    const kept: Buffer[] = [] // Other interim heads: a 100 can stand behind them.
    for (;;) {
      const length = Math.min(rest.length, INTERIM.length)
      if (rest.compare(INTERIM, 0, length, 0, length) !== 0) break
      const end = rest.indexOf(END)
      if (end < 0) {
        if (rest.length > LONGEST) break
        this.held = rest
        rest = NOTHING
        break
      }
      const head = rest.subarray(0, end + END.length)
      if (SWITCHING.test(head.toString('latin1', 0, 13))) break
      if (!CONTINUE.test(head.toString('latin1'))) kept.push(head)
      rest = rest.subarray(head.length)
      if (rest.length === 0) break
    }
    if (kept.length > 0) return Buffer.concat([...kept, rest])
    return rest.length > 0 ? rest : null
  }
}
