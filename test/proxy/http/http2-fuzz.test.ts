import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFields, type Field, indexed } from '../../support/hpack.ts'
import { frame, headers, request } from '../../support/http2-frames.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const STREAMS = fc.constantFrom(0, 1, 1, 3, 3, 5, 7, 2, 2 ** 31 - 1)
const bytes = (max: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength: max }).map((each) => Buffer.from(each))

/** Fields that are nearly sound: one is made of any bytes, or missing, or doubled. */
const FIELDS = fc
  .tuple(
    fc.constantFrom<Field>(
      ['x-a', '1'],
      ['content-length', '3'],
      ['te', 'trailers'],
      [':path', '/'],
      ['expect', '100-continue'],
    ),
    fc.nat(8),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  .map(([more, at, text]): Field[] => {
    const fields = request('/', [more], 'POST')
    if (at < fields.length) fields[at] = [fields[at][0], text]
    return fields.filter((_, i) => i !== at - fields.length + 1)
  })

const BLOCK = fc.oneof(
  { weight: 5, arbitrary: FIELDS.map(encodeFields) },
  { weight: 1, arbitrary: bytes(40) },
  { weight: 1, arbitrary: fc.nat(126).map(indexed) },
)

/** Frames that are sound more often than not, so that they get somewhere. */
const FRAME = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(STREAMS, BLOCK, fc.constantFrom(4, 5, 5, 0, 0xff))
      .map(([stream, block, flags]) => frame(1, flags, stream, block)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(STREAMS, bytes(20), fc.constantFrom(0, 1, 8))
      .map(([stream, data, flags]) => frame(0, flags, stream, data)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(STREAMS, fc.nat(14))
      .map(([stream, code]) => frame(3, 0, stream, Buffer.from([0, 0, 0, code]))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(STREAMS, fc.nat(70_000))
      .map(([stream, more]) => frame(8, 0, stream, Buffer.from([0, more >> 16, more >> 8, more]))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(12), fc.nat(255), STREAMS, bytes(30)).map((each) => frame(...each)),
  },
)

/** What was sent, cut into pieces anywhere. */
const SENT = fc.tuple(
  fc.array(FRAME, { minLength: 1, maxLength: 12 }),
  fc.array(fc.nat(400), { maxLength: 4 }),
)

test('RFC 9113 and proxy-behaviour 5: whatever frames come, others are served and nothing is left in flight', async () => {
  const { backend, front } = await scene.http2({ timeouts: { clientBody: 1000 } })
  const others = await front.client()
  let next = 1
  await fc.assert(
    fc.asyncProperty(SENT, async ([frames, cuts]) => {
      const client = await front.client()
      const sent = Buffer.concat(frames)
      let start = 0
      for (const end of [...cuts.toSorted((a, b) => a - b), sent.length]) {
        client.send(sent.subarray(start, end))
        start = Math.max(start, end)
        await client.turns(3)
      }
      client.leave()
      others.send(headers(next, request('/other')))
      expect(await others.reply(next)).toMatchObject({ status: '200' })
      next += 2
      // Each request on the backends' side is one that HTTP/1.1 has no doubt about.
      for (const { text } of backend.connections) {
        expect(text).not.toMatch(/\r\n(?:connection: close|upgrade|te|:)[^\r]*\r\n/i)
        expect(/[\0\r]\n?[\0\n]{2}/.test(text.replaceAll('\r\n', ''))).toBe(false)
      }
    }),
    { seed: 9113, numRuns: Number(process.env.HTTP2_FUZZ ?? 150) },
  )
  front.advance(61_000)
  expect(front.test.inflight).toBe(0)
})
