import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BAD, MORE, readProxyHeader } from '../../../proxy/http/proxy-header.ts'

const line = (text: string): Buffer => Buffer.from(text, 'latin1')

const SIGNATURE = '0d0a0d0a000d0a515549540a'

/** As section 2.2 draws it: signature, version and command, family and transport, length, addresses and TLVs. */
function block(command: number, family: number, body: string, length = body.length / 2): Buffer {
  const head = Buffer.from([command, family, length >> 8, length & 255])
  return Buffer.concat([Buffer.from(SIGNATURE, 'hex'), head, Buffer.from(body, 'hex')])
}

const PORTS = 'dc0401bb'
const INET = `c0a80001c0a8000b${PORTS}`
const INET6 = `20010db8000000000000000000000001${'20010db8'.padEnd(32, '0')}${PORTS}`
const UNIX = `${Buffer.from('/run/a').toString('hex').padEnd(216, '0')}${'00'.repeat(108)}`
/** PP2_TYPE_NOOP, three bytes long. */
const TLV = '040003616263'

const GOOD: [string, Buffer, string | undefined][] = [
  ['TCP4', line('PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n'), '192.168.0.1'],
  [
    'TCP4 at its longest, 56 characters',
    line('PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n'),
    '255.255.255.255',
  ],
  ['TCP6', line('PROXY TCP6 2001:db8::1 ::1 1 2\r\n'), '2001:db8::1'],
  [
    'TCP6 at its longest, 104 characters',
    line(`PROXY TCP6 ${'FFFF:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`),
    'ffff:'.repeat(7) + 'ffff',
  ],
  [
    'TCP6 with an address of the old kind',
    line('PROXY TCP6 ::ffff:1.2.3.4 ::1 0 0\r\n'),
    '1.2.3.4',
  ],
  ['UNKNOWN in its short form', line('PROXY UNKNOWN\r\n'), undefined],
  [
    'UNKNOWN at its longest, 107 characters',
    line(`PROXY UNKNOWN ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`),
    undefined,
  ],
  ['UNKNOWN with anything before the CRLF', line('PROXY UNKNOWN \n\0 \r x\r\n'), undefined],
  ['version 2, TCP over IPv4', block(0x21, 0x11, INET), '192.168.0.1'],
  ['version 2, TCP over IPv4, with TLVs', block(0x21, 0x11, INET + TLV), '192.168.0.1'],
  ['version 2, TCP over IPv6', block(0x21, 0x21, INET6), '2001:db8::1'],
  ['version 2, a Unix stream', block(0x21, 0x31, UNIX), 'unknown'],
  ['version 2, UDP, as the peer itself', block(0x21, 0x12, INET), undefined],
  ['version 2, UNSPEC', block(0x21, 0x00, ''), undefined],
  ['version 2, UNSPEC with something in it', block(0x21, 0x00, TLV), undefined],
  ['version 2, LOCAL', block(0x20, 0x00, ''), undefined],
  ['version 2, LOCAL with addresses', block(0x20, 0x11, INET + TLV), undefined],
]

const WRONG: [string, Buffer][] = [
  ['a request', line('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  ['a TLS hello', Buffer.from('16030100c8010000', 'hex')],
  ['another case', line('proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n')],
  ['two spaces', line('PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n')],
  ['a space at the end', line('PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n')],
  ['a protocol that there is not', line('PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n')],
  ['UNKNOWN and more of it', line('PROXY UNKNOWNS\r\n')],
  ['another family than said', line('PROXY TCP4 ::1 ::1 1 1\r\n')],
  ['another family than said, for the target', line('PROXY TCP6 ::1 1.2.3.4 1 1\r\n')],
  ['a number too large in an address', line('PROXY TCP4 1.2.3.256 1.2.3.4 1 1\r\n')],
  ['a heading zero in an address', line('PROXY TCP4 1.2.3.04 1.2.3.4 1 1\r\n')],
  ['a heading zero in a port', line('PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n')],
  ['a port too large', line('PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n')],
  ['a sign', line('PROXY TCP4 1.2.3.4 1.2.3.4 +1 1\r\n')],
  ['no ports', line('PROXY TCP4 1.2.3.4 1.2.3.4\r\n')],
  ['a zone', line('PROXY TCP6 fe80::1%eth0 ::1 1 1\r\n')],
  ['an LF inside', line('PROXY TCP4 1.2.3.4 1.2.3.4 1 1\nx\r\n')],
  ['a line of 108 characters', line(`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`)],
  ['a line without an end', line(`PROXY UNKNOWN ${'x'.repeat(93)}`)],
  ['another version', block(0x11, 0x11, INET)],
  ['another command', block(0x22, 0x11, INET)],
  ['another family', block(0x21, 0x41, INET)],
  ['another transport', block(0x21, 0x13, INET)],
  ['IPv4 with less than its addresses', block(0x21, 0x11, INET.slice(2))],
  ['IPv6 with less than its addresses', block(0x21, 0x21, INET6.slice(2))],
  ['a path with less than its addresses', block(0x21, 0x31, UNIX.slice(2))],
  ['more TLVs than anybody needs', block(0x21, 0x11, INET, 0xffff)],
  ['a signature that goes wrong', Buffer.from('0d0a0d0a000d0a515549540b', 'hex')],
]

describe('proxy-protocol.txt 2, what is a header', () => {
  test.each(GOOD)('%s', (_name, bytes, address) => {
    expect(readProxyHeader(bytes)).toEqual({ length: bytes.length, address })
  })

  test.each(GOOD)('%s, cut off anywhere: not whole yet', (_name, bytes) => {
    for (let end = 0; end < bytes.length; end++) {
      expect(readProxyHeader(bytes.subarray(0, end))).toBe(MORE)
    }
  })

  test.each(GOOD)(
    '%s, with whatever comes behind it: as long as it is',
    (_name, bytes, address) => {
      const rest = fc.uint8Array().map((tail) => Buffer.concat([bytes, tail]))
      fc.assert(
        fc.property(rest, (all) => {
          expect(readProxyHeader(all)).toEqual({ length: bytes.length, address })
        }),
      )
    },
  )
})

describe('proxy-protocol.txt 2, what is none', () => {
  test.each(WRONG)('%s', (_name, bytes) => {
    expect(readProxyHeader(bytes)).toBe(BAD)
    // It stays so, and was none before it could be told.
    expect(readProxyHeader(Buffer.concat([bytes, line('\r\nGET /')]))).toBe(BAD)
    for (let end = 0; end < bytes.length; end++) {
      expect([MORE, BAD]).toContain(readProxyHeader(bytes.subarray(0, end)))
    }
  })

  test('is told as soon as it can be: nothing that begins otherwise is waited for', () => {
    for (let first = 0; first < 256; first++) {
      const begins = first === 0x50 || first === 0x0d
      expect(readProxyHeader(Buffer.from([first]))).toBe(begins ? MORE : BAD)
    }
  })

  test('never reads more than 4 KiB to find out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4200 }), (bytes) => {
        const long = Buffer.concat([Buffer.from(SIGNATURE, 'hex'), bytes])
        expect(readProxyHeader(long)).not.toBe(MORE)
      }),
    )
  })
})
