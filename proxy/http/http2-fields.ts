const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const UNSOUND = /[^\t\x20-\x7e\x80-\xff]/

/** RFC 9113, section 8.2.2: an answer has none of these, whoever made it. */
const FORBIDDEN = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** By spelling: in lower case, or undefined for one that may not be sent. Bounded, since backends choose the names. */
const seen = new Map<string, string | undefined>()

function nameOf(spelling: string): string | undefined {
  if (seen.has(spelling)) return seen.get(spelling)
  if (!TOKEN.test(spelling)) throw new Error('a field name that is no HTTP')
  const lowerCase = spelling.toLowerCase()
  const name = FORBIDDEN.has(lowerCase) ? undefined : lowerCase
  if (seen.size < 1024 && spelling.length <= 64) seen.set(spelling, name)
  return name
}

/** Adds fields as HTTP/2 has them, flat. Throws for what is no HTTP: node:http2 would let a line or a NUL in a value pass. */
export function addFields(target: string[], fields: readonly string[]): void {
  for (let i = 0; i < fields.length; i += 2) {
    const name = nameOf(fields[i])
    if (name === undefined) continue
    if (UNSOUND.test(fields[i + 1])) throw new Error('a field value that is no HTTP')
    target.push(name, fields[i + 1])
  }
}

/** As node:http2 wants interim answers and trailers. Undefined for what is no HTTP. */
export function fieldsObject(fields: readonly string[]): Record<string, string[]> | undefined {
  const list: string[] = []
  try {
    addFields(list, fields)
  } catch {
    return undefined
  }
  const object = Object.create(null) as Record<string, string[]>
  for (let i = 0; i < list.length; i += 2) (object[list[i]] ??= []).push(list[i + 1])
  return object
}
