import { CHUNK_LINE, type Field, readFields, readLine } from './grammar.ts'

/** How long a message is (RFC 9112, section 6.3). */
export type Framing = number | 'chunked' | 'until close'

/** A body, or as much of it as is here. */
export interface Body {
  readonly kind: 'whole' | 'incomplete' | 'refused'
  /** What of the content can be had. */
  readonly content: string
  readonly trailers: readonly Field[]
  /** Behind it, where it is whole. */
  readonly next: number
  readonly why: string
  /** It is allowed, but so is refusing it: why. */
  readonly free?: string
}

/** More than what is allowed is refused, in bytes. */
export interface BodyLimits {
  readonly extension: number
  readonly trailers: number
}

const NO_LIMITS: BodyLimits = { extension: Infinity, trailers: Infinity }

export function readBody(text: string, at: number, framing: Framing, limits = NO_LIMITS): Body {
  if (framing === 'chunked') return readChunks(text, at, limits)
  const wanted = framing === 'until close' ? Infinity : framing
  const content = text.slice(at, at + wanted)
  const whole = content.length === wanted
  return {
    kind: whole ? 'whole' : 'incomplete',
    content,
    trailers: [],
    next: at + content.length,
    why: '',
  }
}

/** No sender may put them into trailers (RFC 9110, section 6.5.1); node:http refuses them. */
const FRAMES = /^(?:content-length|transfer-encoding)$/i

/**
 * Extensions mean nothing to anybody, and node:http does not hold their grammar up. Whatever is in the line, the line is the same to
 * everybody.
 */
const ROUGH_CHUNK_LINE = /^([0-9A-Fa-f]+)([ \t]*;[\t\x20-\x7e\x80-\xff]*)$/

/** RFC 9112, section 7.1. */
function readChunks(text: string, start: number, limits: BodyLimits): Body {
  let at = start
  let content = ''
  let free: string | undefined
  const ended = (
    kind: Body['kind'],
    why: string,
    trailers: readonly Field[] = [],
    next = at,
  ): Body => ({ kind, content, trailers, next, why, ...(free !== undefined && { free }) })
  for (;;) {
    const line = readLine(text, at)
    if (line.kind !== 'line') return ended(line.kind, 'why' in line ? line.why : '')
    const match = CHUNK_LINE.exec(line.text) ?? ROUGH_CHUNK_LINE.exec(line.text)
    if (match === null) return ended('refused', 'a line that gives no size of a chunk')
    const [, , extension = ''] = match
    if (extension.length > limits.extension) return ended('refused', 'a long chunk extension')
    if (!CHUNK_LINE.test(line.text) || /[ \t]/.test(extension.replace(/"[^]*?"/g, ''))) {
      free = 'an extension with white space, or of no grammar'
    }
    const size = BigInt(`0x${match[1]}`)
    if (size >= 1n << 64n) return ended('refused', 'a chunk beyond 64 bits')
    at = line.next
    if (size === 0n) break
    const end = at + Number(size)
    content += text.slice(at, end)
    if (text.length < end) return ended('incomplete', '')
    at = end
    const behind = text.slice(at, at + 2)
    if (!'\r\n'.startsWith(behind)) return ended('refused', 'no CR LF behind a chunk')
    if (behind.length < 2) return ended('incomplete', '')
    at += 2
  }
  const trailers = readFields(text, at)
  const length = ('next' in trailers ? trailers.next : text.length) - at
  if (length > limits.trailers) return ended('refused', 'long trailers')
  if (trailers.kind !== 'fields') return ended(trailers.kind, 'why' in trailers ? trailers.why : '')
  if (trailers.fields.some(([name]) => FRAMES.test(name))) free = 'a trailer that frames'
  return ended('whole', '', trailers.fields, trailers.next)
}
