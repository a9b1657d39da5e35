import fc from 'fast-check'
import { bodies } from './bodies.ts'
import { field, mostly } from './words.ts'

const METHODS = ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'QUERY', 'M-SEARCH']
const ODD_METHODS = [
  'get',
  'G@T',
  '',
  'BREW',
  'CONNECT',
  'PRI',
  'SOURCE',
  'GET\t',
  'GE\0T',
  'X'.repeat(500),
]
const TARGETS = [
  '/a?b=c',
  '//x/y',
  '/%2e%2E/..',
  '/?',
  '/\\x',
  '/;a=b,c|{}^`"<>',
  'http://b/x?y',
  'HTTP://b:81',
  'https://[::1]:80/?q',
]
const ODD_TARGETS = [
  '*',
  'a/b',
  '@a',
  ':80',
  '/a#b',
  'ftp://a/',
  'http://u@a/',
  'http:///x',
  'http://a:b/',
  'http:a',
  '/\x01',
  '/\xe9',
  '/a b',
  '/\t',
  '/%zz',
  `/${'a'.repeat(8192)}`,
  `/${'a'.repeat(30_000)}`,
]
const VERSIONS = ['HTTP/1.0', 'HTTP/1.0', 'HTTP/1.0']
const ODD_VERSIONS = [
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  'HTTP/1.10',
  'HTTP/1',
  'RTSP/1.0',
  'ICE/1.0',
  'HTTP /1.1',
  '',
]
const HOSTS = ['Host: b:80', 'hOST:\t[::1]:8080 ', 'Host: a.b', 'Host: a:']
const ODD_HOSTS = [
  'Host:',
  'Host: a, b',
  'Host: u@a',
  'Host: a/b',
  'Host: a:99999',
  'Host: [:::]',
  'Host: a\r\nHost: b',
  'Host : a',
  ' Host: a',
  'Host: a\r\n b',
  'X: y',
]
const OTHERS = [
  'Connection: close',
  'Connection: keep-alive',
  'connection: Keep-Alive, X-Gone',
  'Connection: X-Gone ,, via,close',
  'Connection: Host, Content-Length, X-Forwarded-For, X-Request-Id',
  'Connection: upgrade\r\nUpgrade: h2c',
  'Upgrade: other',
  'X-Gone: 1',
  'Keep-Alive: timeout=5',
  'Proxy-Connection: close',
  'TE: trailers, deflate;q=0.5',
  'Trailer: X-Sum',
  'Via: 1.0 a, 1.1 b',
  'X-Request-Id: mine',
  'X-Forwarded-For: 6.6.6.6',
  'Forwarded: for=6.6.6.6',
  'Expect: 100-continue',
  'Cookie: a=b; c=d',
  'cookie: e=f',
  'Range: bytes=0-',
  'Max-Forwards: 7',
  'max-forwards: 0',
  'Accept: text/html',
  'X-Eight: \xe9\xff\x80',
  'X-Empty:',
  'X-Spaces:  \t a \t b\t ',
  'X-Tab:\ta\tb',
  '__proto__: x',
]
const ODD_OTHERS = [
  'Expect: other',
  'X : y',
  'X',
  ': y',
  'X: a\r\n b',
  'X: a\r\n\tb',
  'X: a\0b',
  'X: a\x7fb',
  'X: a\rb',
  'X: a\nb',
  'X\x80: a',
  'X(: a',
  `X: ${'b'.repeat(17_000)}`,
  `X: ${'b'.repeat(100_000)}`,
  Array.from({ length: 101 }, () => 'X: y').join('\r\n'),
]

const ends = mostly(200, ['\r\n'], ['\n', '\r', '\r\r\n', '', '\n\r'])
const gaps = mostly(200, [' '], ['  ', '\t', '', '\x0b', ' \t'])
const others = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...OTHERS) },
  { weight: 10, arbitrary: field },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_OTHERS) },
)

/** One message: its parts are right most of the time, each. */
export const message: fc.Arbitrary<string> = fc
  .record({
    before: mostly(60, [''], ['\r\n', '\r\n\r\n', '\n', '\r', ' ']),
    method: mostly(60, ['GET', 'GET', 'POST', ...METHODS], ODD_METHODS),
    first: gaps,
    target: mostly(40, ['/', '/', '/', ...TARGETS], ODD_TARGETS),
    second: gaps,
    version: mostly(
      40,
      [...Array.from({ length: 20 }, () => 'HTTP/1.1'), ...VERSIONS],
      ODD_VERSIONS,
    ),
    host: mostly(30, ['Host: a', 'Host: a', 'Host: a', ...HOSTS], ODD_HOSTS),
    fields: fc.array(others, { maxLength: 4 }),
    body: bodies,
    ends: fc.array(ends, { minLength: 8, maxLength: 8 }),
    /** Where Host stands among the fields. */
    order: fc.nat({ max: 6 }),
  })
  .map(({ before, body, ends, fields, first, host, method, order, second, target, version }) => {
    const lines = [...fields, ...body.fields]
    lines.splice(order % (lines.length + 1), 0, host)
    const head = [`${method}${first}${target}${second}${version}`, ...lines, '']
    return `${before}${head.map((line, i) => line + ends[i % ends.length]).join('')}${body.bytes}`
  })
