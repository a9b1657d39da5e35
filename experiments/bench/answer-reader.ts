const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: *(\d+) *\r\n/i

/**
 * Reads one answer after another from a connection and accepts only the expected one: status 200 and a body of so many
 * bytes. The bench asserts every answer; a proxy that is fast at being wrong must not win.
 *
 * For a closed loop: one answer at a time, so that bytes after its end are an error too.
 */
export class AnswerReader {
  private readonly bodyLength: number
  /** An incomplete head; empty between answers. */
  private head = ''
  /** Bytes of the body still to come; -1 while in the head. */
  private left = -1

  constructor(bodyLength: number) {
    this.bodyLength = bodyLength
  }

  /** True when the answer ended with this chunk. Throws for an answer that is not the expected one. */
  read(chunk: Buffer): boolean {
    let rest = chunk.length
    if (this.left < 0) {
      const known = this.head.length
      const text = this.head + chunk.toString('latin1')
      const end = text.indexOf(HEAD_END, Math.max(0, known - HEAD_END.length))
      if (end < 0) {
        this.head = text
        return false
      }
      this.left = this.check(text, end)
      this.head = ''
      rest -= end + HEAD_END.length - known
    }
    this.left -= rest
    if (this.left > 0) return false
    if (this.left < 0) throw new Error(`${-this.left} bytes after the end of an answer`)
    this.left = -1
    return true
  }

  private check(text: string, end: number): number {
    if (!text.startsWith('HTTP/1.1 200 ')) {
      throw new Error(`not a 200: ${text.slice(0, text.indexOf('\r\n'))}`)
    }
    const length = LENGTH.exec(text)
    if (length === null || length.index >= end) throw new Error('an answer without Content-Length')
    if (Number(length[1]) !== this.bodyLength) {
      throw new Error(`a body of ${length[1]} bytes instead of ${this.bodyLength}`)
    }
    return this.bodyLength
  }
}
