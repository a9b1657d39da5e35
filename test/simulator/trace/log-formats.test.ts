import { describe, expect, test } from 'vitest'
import { COMBINED_LOG } from '../../../simulator/trace/log-format.ts'
import { readTrace } from '../../../simulator/trace/reader.ts'

/** The example of Apache's manual, "Log Files", and one with a browser. */
const COMMON =
  '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
const COMBINED = `${COMMON} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"`

function origin(text: string, format?: string): number {
  return readTrace(text, { format }).report.timeline.origin
}

describe('the Common Log Format', () => {
  test('is told by itself, alone and combined, and its zone counts', () => {
    for (const [line, format] of [
      [COMMON, 'common'],
      [COMBINED, 'combined'],
      [`www.example.com:80 ${COMBINED}`, 'vhost_combined'],
    ]) {
      const { entries, report } = readTrace(`${line}\n`)
      expect(report.format).toBe(format)
      expect(entries).toEqual([
        {
          t: 0,
          method: 'GET',
          path: '/apache_pb.gif',
          key: '127.0.0.1',
          bytes: 2326,
          status: 200,
          work: undefined,
        },
      ])
      expect(report.timeline.origin).toBe(Date.UTC(2000, 9, 10, 20, 55, 36) / 1000)
    }
  })

  test('times in different zones are on one line', () => {
    const text = `${COMMON}\n${COMMON.replace('13:55:36 -0700', '22:55:37 +0200')}`
    expect(readTrace(text).entries.map(({ t }) => t)).toEqual([0, 1000])
  })

  test('a dash is no size, and a user may have a name with spaces', () => {
    const { entries } = readTrace(COMMON.replace('2326', '-').replace('frank', 'Frank N. Stein'))
    expect(entries[0].bytes).toBeUndefined()
  })

  test('escapes are undone, and what no request could carry is encoded', () => {
    const paths = ['/a\\"b', '/a\\x22b', '/apollo 13/', '/a\\tb', '/a\\\\b', '/caf\xe9', '/x\\xe9']
    const lines = paths.map((path) => COMMON.replace('/apache_pb.gif', path)).join('\n')
    expect(readTrace(lines).entries.map(({ path }) => path)).toEqual([
      '/a"b',
      '/a"b',
      '/apollo%2013/',
      '/a%09b',
      '/a\\b',
      '/caf\xe9',
      '/x\xe9',
    ])
  })

  test('what was no HTTP is skipped and counted, and HTTP/0.9 is not', () => {
    const requests = ['-', '', '\\x16\\x03\\x01', 'GET /old', 'GET / HTTP/1.1']
    const lines = requests.map((request) => COMMON.replace(/"GET.*"/, `"${request}"`))
    const { entries, report } = readTrace(lines.join('\n'), { format: 'common' })
    expect(entries.map(({ path }) => path)).toEqual(['/old', '/'])
    expect(report).toMatchObject({ skipped: 3, bad: 0 })
  })

  test('a line that leaves the format is told with the field and the column', () => {
    const bad = COMMON.replace(' 200', ' OK')
    const worse = COMMON.replace('10/Oct', '31/Sep')
    const { report } = readTrace(`${COMMON}\n${bad}\n${worse}\n${COMMON}\n${COMMON}`)
    expect(report.badLines).toEqual([
      { line: 2, reason: '%>s is not at column 78, got "OK 2326"' },
      { line: 3, reason: '%t is no time: "31/Sep/2000:13:55:36 -0700"' },
    ])
    expect(report).toMatchObject({ bad: 2, badTimes: 1, entries: 3 })
  })

  test('a long line of anything costs no more than it is long', () => {
    for (const text of ['"'.repeat(1e5), ' '.repeat(1e5), '\\'.repeat(1e5), 'a:1 ['.repeat(2e4)]) {
      const { report } = readTrace(`${COMBINED}\n${COMBINED}\n${COMBINED}\n127.0.0.1 - ${text}`)
      expect(report.bad).toBe(1)
    }
  })
})

describe('a format string of nginx', () => {
  const MAIN =
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" rt=$request_time urt="$upstream_response_time"'

  test('reads its variables; the last of several servers is the one that did the work', () => {
    const line =
      '::1 - a user [10/Oct/2000:13:55:36 +0000] "POST /x?y HTTP/1.1" 502 12 "-" "a \\x22b\\x22 c" rt=2.250 urt="0.100, - : 1.750"'
    const { entries, report } = readTrace(line, { format: MAIN })
    expect(entries[0]).toEqual({
      t: 0,
      method: 'POST',
      path: '/x?y',
      key: '::1',
      bytes: 12,
      status: 502,
      work: 1750,
      took: 2250,
    })
    // It was logged at its end, and began two whole seconds before: the clock knows no more.
    expect(report.timeline.origin).toBe(Date.UTC(2000, 9, 10, 13, 55, 34) / 1000)
  })

  test('takes $request_time for the work where no server was behind', () => {
    const line =
      '::1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "-" "-" rt=0.007 urt="-"'
    expect(readTrace(line, { format: MAIN }).entries[0].work).toBe(7)
  })

  test('prefers $msec to other clocks, and takes the duration off it', () => {
    const format = '$time_iso8601 $msec ${request_time} $request_method "$uri$is_args$args" $status'
    const text =
      '2026-11-24T09:00:01+01:00 1795507201.500 0.250 GET "/a" 200\n2026-11-24T09:00:02+01:00 1795507202.125 0.125 HEAD "/b?c=d" 304\n'
    const { entries, report } = readTrace(text, { format })
    expect(entries.map(({ t, method, path }) => [t, method, path])).toEqual([
      [0, 'GET', '/a'],
      [750, 'HEAD', '/b?c=d'],
    ])
    expect(report.timeline.origin).toBe(1795507201.25)
    expect(report.clock).toBe('$msec')
  })

  test('reads JSON that was made by a format string', () => {
    const format = '{"at":"$time_iso8601","request":"$request","status":$status}'
    const line = '{"at":"2026-11-24T09:00:01+01:00","request":"GET / HTTP/1.1","status":200}'
    expect(readTrace(line, { format }).entries[0]).toMatchObject({ path: '/', status: 200 })
  })

  test('takes another field for the key', () => {
    const format = '$remote_addr [$time_local] $cookie_session'
    const text = '1.2.3.4 [10/Oct/2000:13:55:36 +0000] abc'
    for (const keyColumn of ['$cookie_session', 'cookie_session']) {
      expect(readTrace(text, { format, keyColumn }).entries[0].key).toBe('abc')
    }
    expect(() => readTrace(text, { format, keyColumn: 'nothing' })).toThrow(
      'the log format has no field "nothing" for the key',
    )
    expect(() => readTrace(text, { format, timeColumn: 'msec' })).toThrow(
      'the log format has no field "msec" for the time',
    )
  })

  test('is refused without a time, or where nobody could tell a border', () => {
    expect(() => readTrace('x', { format: '$remote_addr $status' })).toThrow('has no time')
    expect(() => readTrace('x', { format: '$time_local $http_a$http_b' })).toThrow(
      'nothing between $http_a and $http_b',
    )
  })
})

describe('a format string of Apache', () => {
  test('reads microseconds of service, with quotes escaped as in a configuration', () => {
    const format = '%h %l %u %t \\"%r\\" %>s %b %D'
    expect(readTrace(`${COMMON} 15250`, { format }).entries[0]).toMatchObject({
      key: '127.0.0.1',
      bytes: 2326,
      work: 15.25,
    })
  })

  test.each([
    ['%T', '2', 2000],
    ['%{ms}T', '37', 37],
    ['%{us}T', '37', 0.037],
    ['%T %D', '0 1500', 1.5],
  ])('reads the duration %s', (directive, text, work) => {
    expect(
      readTrace(`${COMMON} ${text}`, { format: `%h %l %u %t "%r" %>s %b ${directive}` }).entries[0]
        .work,
    ).toBe(work)
  })

  test('reads finer clocks, and does not take the duration off: its time is that of the beginning', () => {
    const line = '1795507201500000 "GET / HTTP/1.1" 9000000'
    expect(origin(line, '%{begin:usec}t "%r" %D')).toBe(1795507201.5)
    expect(origin('1795507201500 /', '%{msec}t %U%q')).toBe(1795507201.5)
    expect(readTrace('1795507201 /a?b', { format: '%{sec}t %U%q' }).entries[0].path).toBe('/a?b')
  })

  test('reads header fields and conditions, and a per cent sign', () => {
    const format = '%% %!200,304{Referer}i|%400{User-Agent}i|%t'
    expect(origin('% a b|c d|[10/Oct/2000:13:55:36 +0000]', format)).toBe(971186136)
  })

  test.each([
    ['[%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t]', '[10/Oct/2000:13:55:36.250 -0700]', 971211336.25],
    ['%{%FT%T%z}t', '2000-10-10T13:55:36-0700', 971211336],
    ['%{%Y-%m-%d %H:%M:%S}t.%{usec_frac}t', '2000-10-10 20:55:36.000001', 971211336.000001],
    ['%{%e %b %y}t at %{%R}t', ' 1 Oct 00 at 20:55', 970433700],
    ['%{begin:%s}t', '971211336', 971211336],
  ])('reads a time of parts, %s', (format, text, seconds) => {
    expect(origin(`${text} /`, `${format} %U`)).toBeCloseTo(seconds, 5)
  })

  test('tells of a time that it cannot read', () => {
    expect(() => readTrace('x', { format: '%{%j}t' })).toThrow('has %j, which cannot be read')
    expect(() => readTrace('x', { format: '%{%T}t' })).toThrow('has no time')
    const { report } = readTrace('2000-02-30 /', { format: '%{%F}t %U' })
    expect(report.badLines[0].reason).toBe('%{%F}t is no time: "2000-02-30"')
  })

  test('may be anchored: what follows the last field is no part of it', () => {
    const { report } = readTrace(`${COMBINED} more`, { format: COMBINED_LOG })
    expect(report.badLines[0].reason).toBe('there is more after the last field: " more"')
  })
})
