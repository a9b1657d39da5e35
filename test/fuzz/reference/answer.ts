import { type Body, type Framing, readBody } from './body.ts'
import { type Field, LENGTH, readFields, readLine, valuesOf } from './grammar.ts'

export interface Answer {
  readonly status: number
  readonly reason: string
  readonly fields: readonly Field[]
  readonly content: string
  readonly trailers: readonly Field[]
  readonly framing: Framing
  /** All of it is here; with a body that ends with its connection, all that there will be. */
  readonly whole: boolean
  /** It may be refused as well as passed on: why. */
  readonly free: string | undefined
}

/** What came back on a connection. */
export interface Answers {
  /** Interim ones too; the last may not be whole. */
  readonly answers: readonly Answer[]
  readonly next: number
  /** Why the rest is no HTTP. */
  readonly wrong: string | undefined
}

/** What undici's parser understands beyond HTTP/1.x. Its answers mean one thing all the same. */
const ROUGH_STATUS =
  /^(?:HTTP\/(?:1\.[01]|2\.0|0\.9)|RTSP\/1\.0|ICE\/1\.0) ([1-9][0-9]{2})(?: (.*))?$/s
/** Line ends before an answer, and what a 100 says, whatever it is. */
const IGNORED = /^(?:[\r\n]+|HTTP\/1\.1 100(?: [^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n)*/
const STATUS = /^HTTP\/1\.[01] ([1-9][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)$/

/**
 * RFC 9112, sections 4 and 6.3. `methods`: of the requests that are answered, in order. `rough`: what is not right but means one thing is
 * read, and free.
 */
export function readAnswers(
  text: string,
  methods: readonly string[],
  closed: boolean,
  rough = false,
): Answers {
  const answers: Answer[] = []
  let at = 0
  let final = 0
  for (;;) {
    if (rough) at += IGNORED.exec(text.slice(at))![0].length
    if (at === text.length) break
    const line = readLine(text, at)
    if (line.kind === 'incomplete') break
    if (line.kind === 'refused') return { answers, next: at, wrong: line.why }
    const status = (rough ? ROUGH_STATUS : STATUS).exec(line.text)
    if (status === null) return { answers, next: at, wrong: `a status line: ${line.text}` }
    const read = readFields(text, line.next)
    if (read.kind === 'incomplete') break
    if (read.kind === 'refused') return { answers, next: at, wrong: read.why }
    const code = Number(status[1])
    const framing = framingOf(methods[final], code, read.fields, rough)
    if (typeof framing === 'object') return { answers, next: at, wrong: framing.why }
    const body = readBody(text, read.next, framing)
    const whole = body.kind === 'whole' || (framing === 'until close' && closed)
    const { content, trailers } = body
    const { fields } = read
    const free = freedom(
      line.text,
      body,
      Math.max(read.next - at, body.next - read.next - content.length),
    )
    answers.push({
      status: code,
      reason: status[2] ?? '',
      fields,
      content,
      trailers,
      framing,
      whole,
      free,
    })
    if (body.kind === 'refused') return { answers, next: at, wrong: body.why }
    if (body.kind === 'incomplete') return { answers, next: text.length, wrong: undefined }
    at = body.next
    if (code >= 200) final++
  }
  return { answers, next: at, wrong: undefined }
}

/** undici takes no larger head, nor trailers, in bytes; what exactly counts is its own affair. */
const LARGE = 12_000

function freedom(status: string, body: Body, overhead: number): string | undefined {
  if (!STATUS.test(status)) return 'a status line that is not quite right'
  return overhead > LARGE ? 'a large head' : body.free
}

function framingOf(
  method: string | undefined,
  status: number,
  fields: readonly Field[],
  rough: boolean,
): Framing | { why: string } {
  const lengths = valuesOf(fields, 'content-length')
  const codings = valuesOf(fields, 'transfer-encoding')
  const bodiless = status < 200 || status === 204
  if (bodiless && rough) return 0
  if (lengths.length > 0 && codings.length > 0) return { why: 'a length and a coding' }
  if (lengths.length > 1) return { why: 'several lengths' }
  if (lengths.length === 1 && !LENGTH.test(lengths[0])) return { why: 'a length that is none' }
  if (codings.length > 1) return { why: 'several codings' }
  if (codings.length === 1 && codings[0].toLowerCase() !== 'chunked') return { why: 'a coding' }
  if (bodiless) {
    return lengths.length + codings.length > 0 ? { why: `a length beside ${status}` } : 0
  }
  if (method === 'HEAD' || status === 304) return 0
  if (codings.length === 1) return 'chunked'
  return lengths.length === 1 ? Number(lengths[0]) : 'until close'
}
