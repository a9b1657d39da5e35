/**
 * As much of HPACK (RFC 7541) as a test needs: it writes every field as a literal, without a table and without Huffman coding,
 * so that any byte can be sent; it reads what a peer may answer that was told to keep no dynamic table
 * (SETTINGS_HEADER_TABLE_SIZE 0).
 */
export type Field = readonly [name: string, value: string]

/** RFC 7541, appendix A: the names, and the values where there is one. */
const STATIC: readonly Field[] = (
  ':authority|:method:GET|:method:POST|:path:/|:path:/index.html|:scheme:http|:scheme:https|' +
  ':status:200|:status:204|:status:206|:status:304|:status:400|:status:404|:status:500|' +
  'accept-charset|accept-encoding:gzip, deflate|accept-language|accept-ranges|accept|' +
  'access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|' +
  'content-encoding|content-language|content-length|content-location|content-range|content-type|' +
  'cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|' +
  'if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|' +
  'proxy-authorization|range|referer|refresh|retry-after|server|set-cookie|' +
  'strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate'
)
  .split('|')
  .map((entry) => {
    const colon = entry.indexOf(':', 1)
    return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)]
  })

/** RFC 7541, appendix B: the characters of each length. The code is canonical, so lengths and order say it all. */
const LENGTHS: Record<number, string> = {
  5: '012aceiost',
  6: ' %-./3456789=A_bdfghlmnpru',
  7: ':BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz',
  8: '&*,;XZ',
  10: '!"()?',
  11: "'+|",
  12: '#>',
  13: '\0$@[]~',
  14: '^}',
  15: '<`{',
}

const HUFFMAN = new Map<string, string>()
let code = 0
let width = 5
for (const [length, characters] of Object.entries(LENGTHS)) {
  code <<= Number(length) - width
  width = Number(length)
  for (const character of characters) {
    HUFFMAN.set((code++).toString(2).padStart(width, '0'), character)
  }
}

/** A block of fields (latin1), each a literal that is not kept (RFC 7541, section 6.2.2). */
export function encodeFields(fields: readonly Field[]): Buffer {
  const parts: Buffer[] = []
  for (const [name, value] of fields) parts.push(Buffer.from([0]), text(name), text(value))
  return Buffer.concat(parts)
}

/** A reference to the table of that index (RFC 7541, section 6.1), below 127. */
export function indexed(index: number): Buffer {
  return Buffer.from([0x80 | index])
}

/** A literal that the peer shall keep in its table (RFC 7541, section 6.2.1). */
export function kept(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40]), text(name), text(value)])
}

export function decodeFields(block: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const integer = (bits: number): number => {
    const most = (1 << bits) - 1
    let value = block[at++] & most
    if (value < most) return value
    for (let shift = 0; ; shift += 7) {
      const byte = block[at++]
      value += (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const read = (): string => {
    const coded = block[at] >= 128
    const length = integer(7)
    const bytes = block.subarray(at, (at += length))
    return coded ? unpack(bytes) : bytes.toString('latin1')
  }
  while (at < block.length) {
    const first = block[at]
    if (first >= 0x80) {
      fields.push(STATIC[integer(7) - 1])
    } else if (first >= 0x20 && first < 0x40) {
      integer(5) // The size of a table that is not kept.
    } else {
      const index = integer(first >= 0x40 ? 6 : 4)
      fields.push([index === 0 ? read() : STATIC[index - 1][0], read()])
    }
  }
  return fields
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  return Buffer.concat([integerOf(bytes.length, 7), bytes])
}

/** RFC 7541, section 5.1. */
function integerOf(value: number, bits: number): Buffer {
  const most = (1 << bits) - 1
  if (value < most) return Buffer.from([value])
  const bytes = [most]
  let rest = value - most
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  bytes.push(rest)
  return Buffer.from(bytes)
}

function unpack(bytes: Buffer): string {
  let found = ''
  let bits = ''
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      bits += (byte >> bit) & 1
      const character = HUFFMAN.get(bits)
      if (character === undefined) continue
      found += character
      bits = ''
    }
  }
  return found
}
