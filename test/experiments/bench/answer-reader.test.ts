import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerReader } from '../../../experiments/bench/answer-reader.ts'

const ANSWER = 'HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello'

const read = (reader: AnswerReader, text: string): boolean => reader.read(Buffer.from(text))

describe('AnswerReader', () => {
  it('tells the end of every answer, wherever the chunks are cut', () => {
    const cuts = fc.array(fc.nat(ANSWER.length), { maxLength: 8 })
    fc.assert(
      fc.property(cuts, cuts, (...answers) => {
        const reader = new AnswerReader(5)
        for (const some of answers) {
          const places = [0, ...some.filter((cut) => cut > 0).sort((a, b) => a - b), ANSWER.length]
          const pieces = places.slice(1).map((end, i) => ANSWER.slice(places[i], end))
          const chunks = pieces.filter((piece) => piece !== '')
          const ends = chunks.map((chunk) => read(reader, chunk))
          expect(ends).toEqual(chunks.map((_, i) => i === chunks.length - 1))
        }
      }),
    )
  })

  it.each([
    ['another status', ANSWER.replace('200 OK', '502 Bad Gateway'), /not a 200: HTTP\/1.1 502/],
    ['another length', ANSWER.replace(': 5', ': 6'), /a body of 6 bytes instead of 5/],
    ['no length', ANSWER.replace('content-length: 5', 'x: y'), /without Content-Length/],
    [
      'a length that is only in the body',
      'HTTP/1.1 200 OK\r\n\r\n\r\ncontent-length: 5\r\n',
      /with/,
    ],
    ['more than the body', `${ANSWER}!!`, /2 bytes after the end/],
    ['another answer right behind', ANSWER + ANSWER, /bytes after the end/],
  ])('does not accept %s', (_, text, reason) => {
    expect(() => read(new AnswerReader(5), text)).toThrow(reason)
  })
})
