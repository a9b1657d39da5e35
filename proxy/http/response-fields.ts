import { CONNECTION, ENDS_HERE, nameList, removeNamed, Spellings } from './fields.ts'

const LENGTH = 3
const CODING = 4
const TRAILER = 5

const RESPONSE_FIELDS = new Map<string, number>([
  ['keep-alive', ENDS_HERE],
  ['proxy-connection', ENDS_HERE],
  ['proxy-authenticate', ENDS_HERE],
  ['upgrade', ENDS_HERE],
  ['transfer-encoding', CODING],
  ['trailer', TRAILER],
  ['connection', CONNECTION],
  ['content-length', LENGTH],
])

const spellings = new Spellings(RESPONSE_FIELDS)

/** An answer's fields as they go to the client, and its length where it announces one. */
export interface ForwardedResponse {
  readonly fields: string[]
  /** -1 where there is none. */
  readonly length: number
  /** In a transfer coding that nobody asked for: anything but chunked, once. Its body cannot be passed on. */
  readonly coded: boolean
  /** It announces trailers. */
  readonly trailers: boolean
}

/** A piece of a head: bytes, as undici's parser cut them out of the stream, or text (latin1), as node:http2 has them. */
export interface RawText {
  toString(encoding: 'latin1'): string
}

/** `raw`: name, value, … `version`: what the server speaks. */
export function forwardResponseFields(
  raw: readonly RawText[],
  version: '1.1' | '2' = '1.1',
): ForwardedResponse {
  const fields: string[] = []
  let named: string[] | undefined
  let length = -1
  let chunked = false
  let coded = false
  let trailers = false
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i].toString('latin1')
    const meaning = spellings.meaningOf(name)
    if (meaning === ENDS_HERE) continue
    const value = raw[i + 1].toString('latin1')
    if (meaning === CONNECTION) {
      named = nameList(value, named)
      continue
    }
    if (meaning === LENGTH) length = Number(value)
    if (meaning === TRAILER) trailers = true
    if (meaning === CODING) {
      coded = chunked || value.toLowerCase() !== 'chunked'
      chunked = true
      continue
    }
    fields.push(name, value)
  }
  if (named !== undefined) removeNamed(fields, named)
  fields.push('Via', version === '2' ? '2 evenkeel' : '1.1 evenkeel')
  return { fields, length, coded, trailers }
}

/** A list of raw fields as text, for trailers. */
export function toText(raw: readonly RawText[]): string[] {
  return raw.map((part) => part.toString('latin1'))
}
