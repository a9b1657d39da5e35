import fc from 'fast-check'

/** Bytes and texts that mean something to some reader of HTTP. */
const SPLINTERS = [
  ...'\r\n\t \0\x0b\x0c\x7f\x80\xa0\xff:;,=#?*@/\\"%0aFz'.split(''),
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\r\n ',
  '0\r\n\r\n',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  'Connection: close\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n',
]

interface Mutation {
  /** In 65,536ths of the text. */
  readonly at: number
  readonly remove: number
  readonly insert: string
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat({ max: 0xffff }),
  remove: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 1 }) }, fc.nat({ max: 60 })),
  insert: fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 5, arbitrary: fc.constantFrom(...SPLINTERS) },
    { weight: 1, arbitrary: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)) },
  ),
})

/** Usually none. */
export const mutations: fc.Arbitrary<(text: string) => string> = fc
  .oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
  )
  .map((list) => (text: string) => list.reduce(apply, text))

function apply(text: string, { at, insert, remove }: Mutation): string {
  const place = Math.floor((at / 0x10000) * (text.length + 1))
  return text.slice(0, place) + insert + text.slice(place + remove)
}
