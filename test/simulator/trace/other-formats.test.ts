import { describe, expect, test } from 'vitest'
import { readTrace } from '../../../simulator/trace/reader.ts'

describe('HAProxy', () => {
  /** The examples of the Configuration Manual, sections 8.2.3 and 8.5. */
  const LINE =
    'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"'
  const NO_SERVER =
    'haproxy[18113]: 127.0.0.1:34548 [15/Oct/2003:15:19:06.103] px-http px-http/<NOSRV> -1/-1/-1/-1/+50001 408 +2750 - - cR-- 2/2/2/0/+2 0/0 ""'
  const REFUSED =
    'haproxy[18989]: 127.0.0.1:34550 [15/Oct/2003:15:24:28.103] px-http~ px-http/srv1 0/0/-1/-1/7 503 0 - - SC-- 0/0/0/0/3 0/0 "HEAD / HTTP/1.0"'

  test('is read from the time of the request, with what the server took', () => {
    const { entries, report } = readTrace(LINE)
    expect(report.format).toBe('haproxy')
    expect(report.timeline.origin).toBe(Date.UTC(2009, 1, 6, 12, 14, 14, 655) / 1000)
    expect(entries).toEqual([
      {
        t: 0,
        method: 'GET',
        path: '/index.html',
        key: '10.0.1.2',
        bytes: 2750,
        status: 200,
        work: 69,
        took: 109,
        attempts: [{ server: 'srv1', outcome: 'ok', start: 10, connect: 30, total: 99 }],
      },
    ])
  })

  test('has no work where it came to no answer, and skips what was no request', () => {
    const notice = 'Feb  6 12:14:14 localhost haproxy[14389]: Proxy px-http started.'
    const bad = LINE.replace(' <NOSRV>', '')
    const { entries, report } = readTrace(
      [REFUSED, notice, NO_SERVER, LINE.replace('"GET', '"<BADREQ>'), bad].join('\n'),
    )
    expect(entries.map(({ work, method }) => [work, method])).toEqual([
      [undefined, 'HEAD'],
      [69, 'GET'],
    ])
    expect(report).toMatchObject({ skipped: 3, bad: 0 })
  })

  test('reads what stands without syslog, without captures, and cut off', () => {
    const bare = LINE.slice(LINE.indexOf('10.0.1.2')).replace('{1wt.eu} {} ', '').slice(0, -1)
    expect(readTrace(bare).entries[0].path).toBe('/index.html')
    expect(readTrace('haproxy[1]: a\nnothing of it', { format: 'haproxy' }).report).toMatchObject({
      skipped: 1,
      badLines: [{ line: 2, reason: 'is no line of HAProxy\'s httplog: "nothing of it"' }],
    })
  })
})

describe('JSON lines', () => {
  test('have the names that columns have', () => {
    const { entries, report } = readTrace(
      '{"t":0.25,"method":"PUT","path":"/a","key":7,"bytes":12,"service_ms":1.5,"status":201}\n{"t":"1","url":"/b","host":"h","response":null}\n',
    )
    expect(report.format).toBe('ndjson')
    expect(entries).toEqual([
      { t: 0, method: 'PUT', path: '/a', key: '7', bytes: 12, status: 201, work: 1.5 },
      {
        t: 750,
        method: 'GET',
        path: '/b',
        key: 'h',
        bytes: undefined,
        status: undefined,
        work: undefined,
      },
    ])
  })

  test.each([
    ['{"t":', 'is no JSON: "{"t":"'],
    ['[1]', 'is no JSON object: "[1]"'],
    ['{"time_":1}', 'there is no t'],
    ['{"t":true}', 't must be a text or a number, got "true"'],
    ['{"t":null}', 'there is no t'],
    ['{"t":-2}', 't must be at least 0, got "-2"'],
    ['{"t":1,"bytes":0.5}', 'bytes must be a whole number of at least 0, got "0.5"'],
  ])('that are bad are told: %s', (line, reason) => {
    const { report } = readTrace(`{"t":1}\n${line}\n`)
    expect(report.badLines).toEqual([{ line: 2, reason }])
  })

  test('with characters beyond a byte become bytes', () => {
    const { entries } = readTrace('{"t":1,"key":"\\u20ac\\ud800"}')
    expect(entries[0].key).toBe('\xe2\x82\xac\xef\xbf\xbd')
  })
})

describe('the work', () => {
  const AZURE =
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n'

  test('is worked out from columns, under a clock of dates', () => {
    const { entries, report } = readTrace(AZURE, {
      work: '1*ContextTokens+20*GeneratedTokens',
    })
    expect(entries.map(({ t, work }) => [t, work])).toEqual([
      [0, 1254],
      [4314.579, 2576],
    ])
    expect(report.clock).toBe('TIMESTAMP')
  })

  test('names a column that there is not, before anything is read', () => {
    expect(() => readTrace(AZURE, { work: 'Tokens' })).toThrow(
      'the header has no column "Tokens"; its columns are: TIMESTAMP, ContextTokens, GeneratedTokens',
    )
    expect(() => readTrace(AZURE, { keyColumn: 'user' })).toThrow('the header has no column "user"')
  })

  test('is worked out from bytes where a format has no columns, and must be an amount', () => {
    const line =
      '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2000\n127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 -\n'
    const { entries, report } = readTrace(line, { format: 'common', work: '0.5 + bytes/1000' })
    expect(entries.map(({ work }) => work)).toEqual([2.5])
    expect(report.badLines).toEqual([{ line: 2, reason: 'there is no bytes' }])
    expect(() => readTrace(line, { work: 'tokens' })).toThrow('has bytes, status, service_ms')
    expect(readTrace('t,a\n1,0\n', { work: '1/a' }).report.badLines[0].reason).toBe(
      'the work must be a number of at least 0, and comes to Infinity',
    )
    expect(readTrace('t,a\n1,x\n', { work: 'a' }).report.bad).toBe(1)
  })
})

describe('the unit of the clock', () => {
  test.each([
    ['1700000000.5', '1700000001.75'],
    ['1700000000500', '1700000001750'],
    ['1700000000500000', '1700000001750000'],
    ['1700000000500000000', '1700000001750000000'],
  ])('is told by the size of a Unix time: %s', (one, other) => {
    expect(readTrace(`t\n${one}\n${other}\n`).entries[1].t).toBe(1250)
  })

  test('can be given', () => {
    const { entries } = readTrace('t\n0\n1500\n', { timeUnit: 'ms' })
    expect(entries[1].t).toBe(1500)
  })
})

describe('a HAR', () => {
  const har = {
    log: {
      version: '1.2',
      entries: [
        {
          startedDateTime: '2026-11-24T08:50:00.125+00:00',
          request: { method: 'GET', url: 'https://shop.example:8443/a b?c#d' },
          response: { status: 200, bodySize: 512 },
          timings: { send: 0, wait: 12.5, receive: 1 },
        },
        {
          startedDateTime: '2026-11-24T08:50:01.500Z',
          request: { method: 'POST', url: 'https://shop.example' },
          response: { status: 0, bodySize: -1 },
          timings: { wait: -1 },
        },
        { startedDateTime: 'soon', request: {} },
      ],
    },
  }

  test.each([undefined, 2])('is told and read, on one line or on many', (space) => {
    const { entries, report } = readTrace(JSON.stringify(har, undefined, space))
    expect(report.format).toBe('har')
    expect(entries).toEqual([
      {
        t: 0,
        method: 'GET',
        path: '/a%20b?c',
        key: 'shop.example:8443',
        bytes: 512,
        status: 200,
        work: 12.5,
      },
      {
        t: 1375,
        method: 'POST',
        path: '/',
        key: 'shop.example',
        bytes: undefined,
        status: 0,
        work: undefined,
      },
    ])
    expect(report.badLines).toEqual([{ line: 3, reason: 'startedDateTime is no time: "soon"' }])
    expect(report.badTimes).toBe(1)
  })

  test('that is none is refused', () => {
    expect(() => readTrace('{\n"log": 1\n}')).toThrow('the HAR has no log.entries')
    expect(() => readTrace('{\n"log": \n')).toThrow('the HAR is no JSON')
  })
})

describe('what is no trace', () => {
  test('is refused with how it begins', () => {
    expect(() => readTrace('hello world\nhow are you\n')).toThrow(
      'nobody can tell how it is written, say it with --log-format; it begins: "hello world"',
    )
    expect(() => readTrace('x', { format: 'xml' })).toThrow('there is no format "xml": csv, tsv')
  })
})
