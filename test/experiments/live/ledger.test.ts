import { describe, expect, test } from 'vitest'
import { compareBooks } from '../../../experiments/live/ledger.ts'
import { plain } from '../../../experiments/live/paint.ts'
import { drawSummary } from '../../../experiments/live/summary-view.ts'
import { fakeBooks, someBooks } from './books.ts'

describe('the three books', () => {
  test('agree when every request is accounted for', () => {
    expect(compareBooks(someBooks())).toEqual({ gaps: [], notes: [] })
  })

  test('tell of a request that the generator lost', () => {
    const books = someBooks()
    books.load.due++
    expect(compareBooks(books).gaps).toEqual([
      'due requests: 1,001 in the schedule, but the generator booked 1,000',
    ])
  })

  test('tell of a request that somebody else sent', () => {
    const books = someBooks()
    books.proxy.answers['2xx']++
    expect(compareBooks(books).gaps).toEqual([
      'requests: 1,000 sent, but the proxy finished 1,001',
      '2xx: 990 received, but the proxy sent 991',
    ])
  })

  test('tell of an attempt that never arrived at a fake', () => {
    const books = someBooks()
    books.fakes[0] = fakeBooks('b1', 599, 0)
    expect(compareBooks(books).gaps).toEqual([
      'b1: requests: 600 sent by the proxy, but there arrived 599',
    ])
  })

  test('allow for a connection that broke while a request was on its way', () => {
    const books = someBooks()
    const { total } = books.proxy.servers[0]
    total.attempts.error++
    total.attempts.refused--
    expect(compareBooks(books)).toEqual({
      gaps: [],
      notes: ['b1: 1 attempt broke off before it arrived.'],
    })
  })

  test('tell of an answer that the proxy booked under another server', () => {
    const books = someBooks()
    books.proxy.servers[0].total.attempts.ok--
    books.proxy.servers[1].total.attempts.ok++
    expect(compareBooks(books).gaps).toContain(
      'b1: good answers: 600 received, but the proxy had 599',
    )
  })

  test('leave out requests that never got a connection, but name them', () => {
    const books = someBooks()
    books.load.due += 12
    books.load.unconnected = 12
    expect(compareBooks(books)).toEqual({ gaps: [], notes: [] })
    const text = drawSummary(books, 10_000, 79, plain).join('\n')
    expect(text).toMatch(/^ {2}never connected +12$/m)
    expect(text).toMatch(/^sent +1,000 +1,000$/m)
    expect(text).toContain('The books balance: every one of 1,012 requests is accounted for.')
  })

  test('allow for answers that were on their way when their requests failed, and for requests, too', () => {
    const books = someBooks()
    books.load.due += 7
    books.load.failed = 7
    books.proxy.answers['2xx'] += 4
    books.proxy.answers.left = 1
    const { total } = books.proxy.servers[0]
    total.requests += 4
    total.attempts.ok += 4
    books.fakes[0] = fakeBooks('b1', 604, 0)
    expect(compareBooks(books)).toEqual({
      gaps: [],
      notes: [
        '2 requests failed on their way to the proxy.',
        '4 answers of the proxy were on their way when their requests failed.',
      ],
    })
  })

  test('allow no more for failed requests than there are', () => {
    const books = someBooks()
    books.load.due++
    books.load.failed = 1
    books.proxy.answers['2xx'] += 2
    books.proxy.servers[0].total.attempts.ok += 2
    expect(compareBooks(books).gaps).toEqual([
      'requests: 1,001 sent, but the proxy finished 1,002',
      'answers of the proxy: 2 did not arrive whole, but only 1 request failed',
      'attempts: 1,003 ended, but first tries and retries make 1,001',
      'b1: requests: 602 sent by the proxy, but there arrived 600',
      'good answers of the servers: 2 did not arrive whole, but only 1 request failed',
    ])
  })

  test('tell of an answer that the proxy never sent, even when other requests failed', () => {
    const books = someBooks()
    books.load.due += 3
    books.load.failed = 3
    books.proxy.answers['2xx']--
    books.proxy.answers.left = 4
    books.proxy.servers[0].total.attempts.ok--
    books.proxy.servers[0].total.attempts.aborted++
    expect(compareBooks(books).gaps).toEqual([
      '2xx: 990 received, but the proxy sent 989',
      'b1: good answers: 600 received, but the proxy had 599',
    ])
  })

  test('tell of a request that the proxy lost, even when other requests failed', () => {
    const books = someBooks()
    books.load.due += 3
    books.load.failed = 3
    books.proxy.answers['4xx']--
    expect(compareBooks(books).gaps).toContain(
      'requests: 1,000 answered, but the proxy finished 999',
    )
  })

  test('tell of an attempt that is neither a first one nor a retry', () => {
    const books = someBooks()
    books.proxy.retries.total = 0
    expect(compareBooks(books).gaps).toEqual([
      'attempts: 1,001 ended, but first tries and retries make 1,000',
    ])
  })

  test('do not blame a fake that was killed for what it can no longer know', () => {
    const books = someBooks()
    books.fakes[0] = { ...fakeBooks('b1', 100, 0), starts: 2 }
    books.fakes[1] = { id: 'b2', starts: 1, counts: null }
    expect(compareBooks(books)).toEqual({
      gaps: [],
      notes: [
        'b1 was started 2 times and counts from its last start: 500 of its 600 attempts were before.',
        'b2 was not running at the end: what it had counted is gone with it.',
      ],
    })
  })
})

describe('the summary', () => {
  test('marks a share that a strategy does not promise', () => {
    const books = someBooks()
    Object.assign(books.proxy, { strategy: 'least_connections', promise: 'adaptive' })
    const lines = drawSummary(books, 10_000, 79, plain)
    expect(lines).toContain('b1      up     60.0 %  ~50.0 %   60.0       1  10.0  15.0  16.0  40.0')
    expect(lines).toContain('~ by weight; least_connections follows the load')
    expect(drawSummary(someBooks(), 10_000, 79, plain).join('\n')).not.toContain('~')
  })

  test('fits into 80 columns', () => {
    expect(`\n${drawSummary(someBooks(), 10_000, 79, plain).join('\n')}\n`).toBe(`
Summary · round_robin · 1,000 requests in 0:10

server  state   share  expect  req/s  errors   p50   p95   p99   max
b1      up     60.0 %  50.0 %   60.0       1  10.0  15.0  16.0  40.0
b2      up     40.0 %  50.0 %   40.0       1  10.0  15.0  16.0  40.0

time, ms  mean   p50   p95   p99   max
response  15.0  11.1  21.0  21.0  21.0  from when it was due
service   14.0  10.1  20.0  20.0  20.0  from when it was sent
lateness  1.00  1.00  1.00  1.00  1.00  of the generator

Accounting

requests           generator  proxy
due                    1,000
sent                   1,000  1,000
  2xx                    990    990
  4xx                      9      9
  5xx                      1      1
  no whole answer          0      0

server  answers   ok  error  refused  arrived  served  failed
b1          600  600      0        1      600     600       0
b2          400  399      1        0      400     399       1
answers: the generator · ok to refused: attempts of the proxy
arrived to failed: the fakes · 1 retry

The books balance: every one of 1,000 requests is accounted for.
`)
  })

  test('stays within 80 columns with everything in it that can be', () => {
    const books = someBooks()
    Object.assign(books.load, { unsendable: 3, shed: 12_345, unconnected: 9, inflight: 1 })
    books.load.because(
      'a reason that is too long for one line, because somebody wanted it to be complete',
    )
    books.load.answer(302, '', 1, 1)
    books.load.answer(100, 'b1', 1, 1)
    for (let i = 0; i < 500; i++) books.load.lateness.record(50)
    for (const { total } of books.proxy.servers) {
      Object.assign(total, { requests: 123_456, attemptsPerSecond: 4999 })
      total.attempts = {
        ok: 99_999,
        error: 99_999,
        timeout: 99_999,
        refused: 99_999,
        aborted: 99_999,
      }
    }
    books.fakes[0].starts = 2
    const lines = drawSummary(books, 3_600_000, 79, plain)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(79)
    const text = lines.join('\n')
    expect(text).not.toContain('…')
    expect(text).toContain('The generator was late by')
    expect(text).toContain('The books do not balance:')
    expect(text).toMatch(/^ {2}shed +12,345$/m)
    expect(text).toMatch(/^\(proxy\) +1/m)
  })
})
