import fc from 'fast-check'

/** One of the right ones, and once in so many times an odd one. */
export function mostly(
  times: number,
  right: readonly string[],
  odd: readonly string[],
): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: times, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  )
}

const TOKEN_LETTERS = "!#$%&'*+-.^_`|~0123456789abcXYZ".split('')
const VALUE_LETTERS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
  (letter) => letter === '\t' || (letter >= ' ' && letter !== '\x7f'),
)

const token = fc.string({ unit: fc.constantFrom(...TOKEN_LETTERS), minLength: 1, maxLength: 12 })
const value = fc.string({ unit: fc.constantFrom(...VALUE_LETTERS), maxLength: 30 })

/** A field that is right, whatever it means; its name begins so that it means nothing. */
export const field: fc.Arbitrary<string> = fc
  .tuple(token, mostly(1, ['', ' '], ['\t', '  \t']), value)
  .map(([name, space, text]) => `X-${name}:${space}${text}`)

/** Any bytes. */
export const content: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'b', '\r', '\n', '0', '\0', '\xff'),
      maxLength: 20,
    }),
  },
  { weight: 1, arbitrary: fc.constant('GET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n') },
  { weight: 1, arbitrary: fc.constant('0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: s\r\n\r\n') },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 70_000 }).map((size) => 'x'.repeat(size)) },
)
