import { isIPv4, isIPv6 } from 'node:net'
import { addressFrom } from './peer-address.ts'

/** The longest line of version 1, with its CRLF (section 2.1). */
const LONGEST_LINE = 107

/**
 * The longest header of version 2 that is read, in bytes. Addresses take 232 at most; the rest is for TLVs, which senders are asked to
 * keep within a packet (section 2.2).
 */
const LONGEST_BLOCK = 4096

const NAME = Buffer.from('PROXY ', 'latin1')
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const HEAD = 16

/** Bytes that two addresses and their ports take, by family. */
const INET = 12
const INET6 = 36
const UNIX = 216

/** The header has not come in whole. */
export const MORE = 'more'
/** This is no PROXY header. */
export const BAD = 'bad'

export interface ProxyHeader {
  /** Bytes that it takes. */
  readonly length: number
  /** Of the client; undefined where the peer speaks for itself, or cannot say. */
  readonly address: string | undefined
}

/**
 * Reads the header that a proxy in front of us sends before anything else: version 1, a line of text, or version 2, binary. Judges what
 * has come in so far, so that nobody has to send a whole header to be found out. Section numbers are those of "The PROXY protocol,
 * Versions 1 & 2" (Willy Tarreau, haproxy.org, 2020).
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | typeof MORE | typeof BAD {
  if (begins(bytes, SIGNATURE)) return readBlock(bytes)
  if (begins(bytes, NAME)) return readLine(bytes)
  return BAD
}

/** As far as both go. */
function begins(bytes: Buffer, with_: Buffer): boolean {
  const length = Math.min(bytes.length, with_.length)
  return bytes.compare(with_, 0, length, 0, length) === 0
}

const LINE =
  /^PROXY (?:UNKNOWN(?: .*)?|TCP([46]) ([^ ]+) ([^ ]+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4}))$/s

/** Section 2.1. A CR or LF by itself ends nothing. */
function readLine(bytes: Buffer): ProxyHeader | typeof MORE | typeof BAD {
  const end = bytes.subarray(0, LONGEST_LINE).indexOf('\r\n')
  if (end < 0) return bytes.length < LONGEST_LINE ? MORE : BAD
  const found = LINE.exec(bytes.toString('latin1', 0, end))
  if (found === null) return BAD
  const [, family, source, target, from, to] = found
  const length = end + 2
  if (family === undefined) return { length, address: undefined }
  const fits = family === '4' ? isIPv4 : isPlainIPv6
  if (!fits(source) || !fits(target) || Number(from) > 65_535 || Number(to) > 65_535) return BAD
  return { length, address: addressFrom(source) }
}

/** Without the zone that Node would let through. */
function isPlainIPv6(address: string): boolean {
  return isIPv6(address) && !address.includes('%')
}

/** Section 2.2. What follows the addresses (TLVs) is passed over. */
function readBlock(bytes: Buffer): ProxyHeader | typeof MORE | typeof BAD {
  if (bytes.length > 12) {
    const command = bytes[12]
    if (command !== 0x20 && command !== 0x21) return BAD
  }
  if (bytes.length > 13) {
    const family = bytes[13] >> 4
    const transport = bytes[13] & 15
    if (family > 3 || transport > 2) return BAD
  }
  if (bytes.length < HEAD) return MORE
  const size = bytes.readUInt16BE(14)
  const length = HEAD + size
  if (length > LONGEST_BLOCK) return BAD
  const local = bytes[12] === 0x20
  if (!local && size < sizeOfAddresses(bytes[13])) return BAD
  if (bytes.length < length) return MORE
  return { length, address: local ? undefined : addressIn(bytes) }
}

/** What we know how to read; the other families are let in as the peer itself, as the specification asks (UNSPEC). */
function sizeOfAddresses(family: number): number {
  switch (family) {
    case 0x11:
      return INET
    case 0x21:
      return INET6
    case 0x31:
      return UNIX
    default:
      return 0
  }
}

function addressIn(bytes: Buffer): string | undefined {
  switch (bytes[13]) {
    case 0x11:
      return bytes.subarray(HEAD, HEAD + 4).join('.')
    case 0x21:
      return addressFrom(
        Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(HEAD + 2 * i).toString(16)).join(
          ':',
        ),
      )
    case 0x31:
      return 'unknown'
    default:
      return undefined
  }
}
