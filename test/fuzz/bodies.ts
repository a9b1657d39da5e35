import fc from 'fast-check'
import { content, field, mostly } from './words.ts'

/** What frames a body, and the body. */
export interface BodyPart {
  readonly fields: readonly string[]
  readonly bytes: string
}

const exact = content.map((text) => ({ fields: [`Content-Length: ${text.length}`], bytes: text }))
const padded = content.map((text) => ({
  fields: [`content-length:00${text.length}\t`],
  bytes: text,
}))
const wrong = fc.tuple(content, fc.constantFrom(-1, 1, 5)).map(([text, by]) => ({
  fields: [`Content-Length: ${Math.max(0, text.length + by)}`],
  bytes: text,
}))

const CODINGS = ['Transfer-Encoding: chunked', 'transfer-encoding:Chunked ']

const sizes = mostly(
  60,
  ['hex', 'hex', 'HEX', '00hex'],
  [
    '0xhex',
    '+hex',
    '-hex',
    'hex ',
    ' hex',
    'hexz',
    '',
    'ffffffffffffffff0',
    '10000000000000000',
    '7fffffffffffffff',
  ],
)
const extensions = mostly(
  60,
  ['', '', '', ';a', ';a=b', ';a="b;\\"\xe9"', ';a=b;c'],
  [
    ';',
    ';;',
    ' ;a',
    '; a = b',
    ';a=',
    ';a="b',
    ';a\x01',
    ';a=b\0',
    ';=',
    `;a=${'b'.repeat(20_000)}`,
  ],
)
const lineEnds = mostly(150, ['\r\n'], ['\n', '\r', '', '\r\n\r\n', '\n\r'])
const behind = mostly(100, ['\r\n'], ['\n', '', 'X\r\n', '\r', ' \r\n'])

const chunk = fc
  .tuple(
    content.filter((text) => text !== ''),
    sizes,
    extensions,
    lineEnds,
    behind,
  )
  .map(([text, size, extension, end, after]) => {
    const hex = text.length.toString(16)
    return (
      size.replace('hex', hex).replace('HEX', hex.toUpperCase()) + extension + end + text + after
    )
  })
const trailers = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc
      .array(field, { maxLength: 2 })
      .map((list) => list.map((line) => `${line}\r\n`).join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'Content-Length: 5\r\n',
      'Host: other\r\n',
      'Transfer-Encoding: chunked\r\n',
      'X y: z\r\n',
      'X: y\n',
      ' X: y\r\n',
      'X\r\n',
      `X: ${'y'.repeat(30_000)}\r\n`,
    ),
  },
)
/** In chunked coding, most of the time. */
export const chunks = fc
  .tuple(
    fc.array(chunk, { maxLength: 3 }),
    mostly(60, ['0', '0', '000', '0;a=b'], ['', '00x', '0 ']),
    lineEnds,
    trailers,
    lineEnds,
  )
  .map(([list, last, end, trailers, close]) => list.join('') + last + end + trailers + close)

const chunked = fc
  .tuple(fc.constantFrom(...CODINGS), chunks)
  .map(([coding, bytes]) => ({ fields: [coding], bytes }))

/** Of which two readers could make two things. */
const LENGTHS = [
  '+5',
  '-5',
  '5 5',
  '0x5',
  '',
  '5, 5',
  '5,5',
  '1e1',
  '5.0',
  '99999999999999999999',
  '9999999999999999',
  '18446744073709551621',
  '\x0b5',
  '5;',
  '"5"',
]
const AMBIGUOUS = [
  ['Content-Length: 5', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 5'],
  ['Content-Length: 5', 'Content-Length: 5'],
  ['Content-Length: 0', 'Content-Length: 5'],
  ['Content-Length: 5', 'Transfer-Encoding:'],
  ['Content-Length: 5', 'Transfer-Encoding : chunked'],
  ['Content-Length: 5', 'Transfer_Encoding: chunked'],
  ['Content-Length: 5', 'Transfer-Encoding\0: chunked'],
  ['Content-Length: 5', 'X: y\r\n Transfer-Encoding: chunked'],
  ['Content-Length: 5', 'X: y\nTransfer-Encoding: chunked'],
  ...LENGTHS.map((length) => [`Content-Length: ${length}`]),
  ...[
    '',
    'gzip, chunked',
    'chunked, chunked',
    'chunked, gzip',
    'xchunked',
    'identity',
    'chunked;q=1',
    '"chunked"',
    '\x0bchunked',
    'chunked,',
    ', chunked',
    'chunke\xc4',
    'gzip',
  ].map((coding) => [`Transfer-Encoding: ${coding}`]),
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'],
]
const ambiguous = fc
  .tuple(fc.constantFrom(...AMBIGUOUS), fc.oneof(content, chunks))
  .map(([fields, bytes]) => ({ fields, bytes }))

export const bodies: fc.Arbitrary<BodyPart> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ fields: [], bytes: '' }) },
  { weight: 8, arbitrary: exact },
  { weight: 1, arbitrary: padded },
  { weight: 1, arbitrary: wrong },
  { weight: 10, arbitrary: chunked },
  { weight: 2, arbitrary: ambiguous },
)
