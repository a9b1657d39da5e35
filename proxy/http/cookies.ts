const SEMICOLON = ';'
const EQUALS = 61

/*
 * Cookies as clients send them (RFC 6265, section 4.2.1): `a=1; b=2`, in one field or, over HTTP/2, in several (RFC 9113, section
 * 8.2.3). Nothing is decoded, and what is not asked for is not looked at.
 */

/** The values that a name has, in order, of the first `most` of them: one can be set for several paths and domains. */
export function cookieValues(fields: readonly string[], name: string, most: number): string[] {
  const values: string[] = []
  for (let i = 0; i < fields.length && values.length < most; i += 2) {
    if (!isCookieField(fields[i])) continue
    const text = fields[i + 1]
    for (let start = 0; start <= text.length && values.length < most;) {
      const end = endOf(text, start)
      const at = nameAt(text, start)
      if (names(text, at, name)) values.push(text.slice(at + name.length + 1, end).trimEnd())
      start = end + 1
    }
  }
  return values
}

/** Takes a cookie out of a request's fields, and leaves every other byte of them as it is. */
export function removeCookie(fields: string[], name: string): void {
  let kept = 0
  for (let i = 0; i < fields.length; i += 2) {
    const value = isCookieField(fields[i]) ? without(fields[i + 1], name) : fields[i + 1]
    if (value === undefined) continue
    fields[kept++] = fields[i]
    fields[kept++] = value
  }
  fields.length = kept
}

/** The cookie that a field `set-cookie` sets. */
export function sets(value: string, name: string): boolean {
  return names(value, nameAt(value, 0), name)
}

/** Undefined: nothing is left of it. */
function without(text: string, name: string): string | undefined {
  let rest: string[] | undefined
  for (let start = 0; start <= text.length;) {
    const end = endOf(text, start)
    const ours = names(text, nameAt(text, start), name)
    if (ours && rest === undefined) rest = start === 0 ? [] : [text.slice(0, start - 1)]
    else if (!ours && rest !== undefined) rest.push(text.slice(start, end))
    start = end + 1
  }
  if (rest === undefined) return text
  return rest.join(SEMICOLON).trimStart() || undefined
}

function isCookieField(name: string): boolean {
  return name.length === 6 && name.toLowerCase() === 'cookie'
}

function endOf(text: string, start: number): number {
  const end = text.indexOf(SEMICOLON, start)
  return end < 0 ? text.length : end
}

function nameAt(text: string, start: number): number {
  let at = start
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

function names(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && text.charCodeAt(at + name.length) === EQUALS
}
