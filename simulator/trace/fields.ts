/** Splits one line into its fields; a string says why it cannot. */
export type FieldSplitter = (line: string) => string[] | string

/** Tab-separated: a tab is always a border, and a quote is a character like any other. */
export function splitTabs(line: string): string[] {
  return line.split('\t')
}

/**
 * Comma-separated, by RFC 4180 section 2: a field may stand in double quotes, may then hold commas, and a quote inside is doubled.
 * One difference: a field may not hold a line break, because no part of a request can. So one stray quote costs one line and
 * not the rest of the file.
 */
export function splitCommas(line: string): string[] | string {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (line.charAt(at) !== '"') {
      const comma = line.indexOf(',', at)
      if (comma < 0) {
        fields.push(line.slice(at))
        return fields
      }
      fields.push(line.slice(at, comma))
      at = comma + 1
      continue
    }
    const end = closingQuote(line, at + 1)
    if (end < 0) return 'a quoted field is not closed'
    fields.push(line.slice(at + 1, end).replaceAll('""', '"'))
    if (end + 1 === line.length) return fields
    if (line.charAt(end + 1) !== ',') return 'there is text after a closing quote'
    at = end + 2
  }
}

/** The first quote from `from` on that is not one half of a doubled one; -1 if there is none. */
function closingQuote(line: string, from: number): number {
  let quote = line.indexOf('"', from)
  while (quote >= 0 && line.charAt(quote + 1) === '"') quote = line.indexOf('"', quote + 2)
  return quote
}
