import { describe, expect, test } from 'vitest'
import { campaign, type Side } from './campaign.ts'
import { readConnection } from './reference/connection.ts'
import { HOUSE } from './reference/house.ts'

/** The quick run: a few hundred streams with a fixed seed. `npm run fuzz` makes 100,000 of them with another seed each time. */
describe.each<[Side, number]>([
  ['requests', 400],
  ['answers', 200],
])('proxy-behaviour 4 and 5: %s that nobody thought of', (side, runs) => {
  test('mean to both sides of the proxy what a strict reader of RFC 9112 says', async () => {
    const { counterexamples, done } = await campaign({
      side,
      runs,
      lanes: 4,
      seed: 20,
      patience: 60_000,
    })
    expect(counterexamples).toEqual([])
    expect(done).toBeGreaterThanOrEqual(runs)
  })
})

describe('the reader that judges', () => {
  const HEAD = 'POST /a HTTP/1.1\r\nHost: a\r\n'

  test('reads what RFC 9112 gives as examples', () => {
    const chunked = `${HEAD}Transfer-Encoding: chunked\r\n\r\n4;x="a;b"\r\nWiki\r\n5\r\npedia\r\n0\r\nX: y\r\n\r\n`
    const { end, requests } = readConnection(chunked + `${HEAD}Content-Length: 2\r\n\r\nok`, HOUSE)
    expect(end).toEqual({ kind: 'clean' })
    expect(requests.map(({ request }) => request.body.content)).toEqual(['Wikipedia', 'ok'])
    expect(requests[0].request.body.trailers).toEqual([['X', 'y']])
  })

  test.each([
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`],
    [
      'a length and chunks',
      `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a bare LF', 'GET / HTTP/1.1\nHost: a\r\n\r\n'],
    ['a bare CR', `${HEAD}X: a\rb\r\n\r\n`],
    ['a folded line', `${HEAD}X: a\r\n b\r\n\r\n`],
    ['a space before the colon', `${HEAD}X : a\r\n\r\n`],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    [
      'a chunk that is longer than it says',
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`,
    ],
  ])('refuses %s, and does not read what follows', (_name, text) => {
    const { end, requests } = readConnection(`${text}GET /b HTTP/1.1\r\nHost: a\r\n\r\n`, HOUSE)
    expect(end.kind).toBe('refused')
    expect(requests).toEqual([])
  })

  test('reads nothing behind the last request of a connection', () => {
    const { end, requests } = readConnection(`${HEAD}Connection: close\r\n\r\n${HEAD}\r\n`, HOUSE)
    expect([end.kind, requests.length]).toEqual(['closed', 1])
  })
})
