/*
 * Fields as they came, flat: name, value, name, value, …; what requests and answers have in common.
 */

/** What a field name means to a proxy: nothing, so that it is passed on untouched; */
export const PLAIN = 0
/** that the field ends here, because it concerns one connection only or is written anew; */
export const ENDS_HERE = 1
/** that it names others which end here. */
export const CONNECTION = 2

/** Names come in few spellings, so each is looked up in lower case once. Bounded, since strangers choose the names. */
export class Spellings {
  private readonly meanings: Map<string, number>
  private readonly seen = new Map<string, number>()

  constructor(meanings: Map<string, number>) {
    this.meanings = meanings
  }

  meaningOf(name: string): number {
    let meaning = this.seen.get(name)
    if (meaning === undefined) {
      meaning = this.meanings.get(name.toLowerCase()) ?? PLAIN
      if (this.seen.size < 1024 && name.length <= 64) this.seen.set(name, meaning)
    }
    return meaning
  }
}

/**
 * The value of the first field of that (lower-case) name, or, for fields that are lists, of all of them; undefined where
 * there is none.
 */
export function fieldOf(
  fields: readonly string[],
  lowerCaseName: string,
  all = false,
): string | undefined {
  let found: string | undefined
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]
    if (name.length !== lowerCaseName.length || name.toLowerCase() !== lowerCaseName) continue
    if (!all) return fields[i + 1]
    found = found === undefined ? fields[i + 1] : `${found}, ${fields[i + 1]}`
  }
  return found
}

/** No names of fields, or of fields that frame a message or that the access log goes by. */
const PROTECTED = new Set(['', 'close', 'keep-alive', 'host', 'content-length', 'x-request-id'])

/** The options of a Connection field that name other fields. `close` and `keep-alive` do not, nor may what frames a message. */
export function nameList(value: string, named: string[] | undefined): string[] | undefined {
  if (value === 'keep-alive' || value === 'close') return named
  for (const part of value.split(',')) {
    const name = part.trim().toLowerCase()
    if (PROTECTED.has(name)) continue
    if (named === undefined) named = []
    named.push(name)
  }
  return named
}

/** Takes the fields of these (lower-case) names out. */
export function removeNamed(fields: string[], named: readonly string[]): void {
  let kept = 0
  for (let i = 0; i < fields.length; i += 2) {
    if (named.includes(fields[i].toLowerCase())) continue
    fields[kept++] = fields[i]
    fields[kept++] = fields[i + 1]
  }
  fields.length = kept
}
