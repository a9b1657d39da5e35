import fc from 'fast-check'
import { chunks } from './bodies.ts'
import { mutations } from './mutations.ts'
import { cuts, split } from './streams.ts'
import { content, field, mostly } from './words.ts'

/** What a backend says when it is asked once. */
export interface Script {
  readonly method: 'GET' | 'HEAD'
  /** Each is sent on its own. */
  readonly pieces: readonly string[]
  /** Then it closes the connection; else it keeps it. */
  readonly closes: boolean
}

const STATUSES = [
  '200 OK',
  '200 ',
  '299 Quite Fine',
  '404 Not Found',
  '204 No Content',
  '304 Not Modified',
  '500 No',
  '206 Part',
]
const ODD_STATUSES = [
  '200',
  '099 x',
  '20 OK',
  '2000 OK',
  '600 x',
  '999 x',
  'abc',
  '',
  '200 \xe9',
  '200 a\0b',
  '200\tOK',
  '101 Switching',
  '-200 x',
]
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0']
const ODD_VERSIONS = [
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTQ/1.1',
  'ICY',
  'RTSP/1.0',
  'HTTP/1.1 ',
  '',
]
const INTERIMS = [
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a\xe9>\r\nlink: </b>\r\nConnection: X-Gone\r\nX-Gone: 1\r\n\r\n',
]
const FIELDS = [
  'Connection: close',
  'Connection: keep-alive, X-Gone',
  'X-Gone: 1',
  'Keep-Alive: timeout=1',
  'Set-Cookie: a=1',
  'set-cookie: b=2',
  'Upgrade: h2c',
  'Via: 1.0 a',
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'X-Eight: \xe9\xff',
  'X-Empty:',
  'Server: s',
  '__proto__: x',
]
const ODD_FIELDS = [
  'X y: z',
  'X : y',
  ': y',
  'X',
  'X: a\0b',
  'X: a\rb',
  'X: a\nb',
  'X: a\r\n b',
  `X: ${'y'.repeat(20_000)}`,
  'X: a\x7fb',
  'X\xe9: y',
]
const AMBIGUOUS = [
  ['Content-Length: 2', 'Content-Length: 3'],
  ['Content-Length: 2', 'Content-Length: 2'],
  ['Content-Length: 2', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Content-Length: 2'],
  ['Content-Length: +2'],
  ['Content-Length: 2, 2'],
  ['Content-Length:'],
  ['Content-Length: 99999999999999999999'],
  ['Content-Length: -1'],
  ['Content-Length: 0x2'],
  ['Transfer-Encoding: gzip'],
  ['Transfer-Encoding: gzip, chunked'],
  ['Transfer-Encoding: chunked, chunked'],
  ['Transfer-Encoding:'],
  ['Transfer-Encoding: identity'],
  ['Transfer-Encoding: xchunked'],
]

const bodies = fc.oneof(
  {
    weight: 8,
    arbitrary: content.map((text) => ({ fields: [`Content-Length: ${text.length}`], bytes: text })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(content, fc.constantFrom(-2, -1, 1, 2)).map(([text, by]) => ({
      fields: [`Content-Length: ${Math.max(0, text.length + by)}`],
      bytes: text,
    })),
  },
  {
    weight: 8,
    arbitrary: chunks.map((bytes) => ({ fields: ['Transfer-Encoding: chunked'], bytes })),
  },
  {
    weight: 2,
    arbitrary: chunks.map((bytes) => ({
      fields: ['transfer-encoding: Chunked', 'Trailer: X-Sum'],
      bytes,
    })),
  },
  { weight: 2, arbitrary: content.map((text) => ({ fields: [] as string[], bytes: text })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...AMBIGUOUS), fc.oneof(content, chunks))
      .map(([fields, bytes]) => ({ fields, bytes })),
  },
)
const ends = mostly(200, ['\r\n'], ['\n', '\r', '\r\r\n', ''])

const answer = fc
  .record({
    interims: fc.oneof(
      { weight: 6, arbitrary: fc.constant('') },
      {
        weight: 2,
        arbitrary: fc
          .array(fc.constantFrom(...INTERIMS), { maxLength: 3 })
          .map((list) => list.join('')),
      },
      { weight: 1, arbitrary: fc.constantFrom(...INTERIMS).map((one) => one.repeat(30)) },
    ),
    version: mostly(60, VERSIONS, ODD_VERSIONS),
    gap: mostly(100, [' '], ['  ', '\t', '']),
    status: mostly(30, STATUSES, ODD_STATUSES),
    fields: fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.constantFrom(...FIELDS) },
        { weight: 8, arbitrary: field },
        { weight: 1, arbitrary: fc.constantFrom(...ODD_FIELDS) },
      ),
      { maxLength: 4 },
    ),
    body: bodies,
    ends: fc.array(ends, { minLength: 8, maxLength: 8 }),
  })
  .map(({ body, ends, fields, gap, interims, status, version }) => {
    const lines = [`${version}${gap}${status}`, ...fields, ...body.fields, '']
    return interims + lines.map((line, i) => line + ends[i % ends.length]).join('') + body.bytes
  })

const SMUGGLED = 'HTTP/1.1 200 OK\r\nX-Number: 9\r\nContent-Length: 8\r\n\r\nsmuggled'

export const scripts: fc.Arbitrary<Script> = fc
  .record({
    method: fc.constantFrom<('GET' | 'HEAD')[]>('GET', 'GET', 'GET', 'HEAD'),
    answer,
    beyond: mostly(6, [''], [SMUGGLED, 'x', '\r\n', 'HTTP/1.1 1', SMUGGLED.slice(0, 60)]),
    mutate: mutations,
    cut: cuts,
    closes: fc.boolean(),
  })
  .map(({ answer, beyond, closes, cut, method, mutate }) => ({
    method,
    pieces: split(mutate(answer + beyond), cut),
    closes,
  }))
