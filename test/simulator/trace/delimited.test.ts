import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TraceFormatError } from '../../../simulator/trace/errors.ts'
import { readTrace, TraceReader } from '../../../simulator/trace/reader.ts'

describe('columns', () => {
  test('the canonical columns are read in any order and any case', () => {
    const { entries } = readTrace(
      'status,Path,T,method,key,bytes,service_ms\n201,/a?b=c,5,POST,k1,12,3.25\n',
    )
    expect(entries).toEqual([
      { t: 0, method: 'POST', path: '/a?b=c', key: 'k1', bytes: 12, status: 201, work: 3.25 },
    ])
  })

  test('web server names stand for the canonical ones', () => {
    const { entries } = readTrace('host\ttimestamp\turl\tresponse\nh\t7\t/\t304\n')
    expect(entries[0]).toMatchObject({ t: 0, path: '/', key: 'h', status: 304 })
  })

  test('only the time is needed', () => {
    const { entries } = readTrace('t\n1\n2.5\n')
    expect(entries.map((entry) => [entry.t, entry.method, entry.path, entry.key])).toEqual([
      [0, 'GET', '/', ''],
      [1500, 'GET', '/', ''],
    ])
  })

  test('the time column can be named, and then no other counts', () => {
    const text = 'time,began\n1,10\n1,20\n'
    const { entries } = readTrace(text, { timeColumn: 'began' })
    expect(entries.map((entry) => entry.t)).toEqual([0, 10_000])
    expect(() => readTrace(text, { timeColumn: 'ended' })).toThrow(
      new TraceFormatError('the header has no time column "ended"; its columns are: time, began'),
    )
  })

  test('a header without a time is refused with the columns that were found', () => {
    expect(() => readTrace('host,logname,url\na,b,c\n')).toThrow(
      new TraceFormatError(
        'the header has no time column "t" or "time" or "timestamp"; its columns are: host, logname, url',
      ),
    )
  })

  test('a file of anything else is refused without spilling it on the terminal', () => {
    expect(() => readTrace(`\u001b[2J${'x'.repeat(100_000)}`)).toThrow(/^[ -~…]{100,200}$/)
    expect(() => readTrace(`a,${'x'.repeat(100_000)}`)).toThrow(/^.{500,700}$/)
    expect(() => readTrace('')).toThrow(new TraceFormatError('the trace is empty'))
    expect(() => readTrace('\n\r\n')).toThrow(new TraceFormatError('the trace is empty'))
    expect(() => readTrace('t,"path\n')).toThrow(
      new TraceFormatError('in the header, a quoted field is not closed'),
    )
  })
})

describe('lines', () => {
  test('CRLF, byte order marks and empty lines leave no mark', () => {
    for (const mark of ['\ufeff', '\xef\xbb\xbf']) {
      const { entries, report } = readTrace(`${mark}t,path\r\n\r\n1,/a\r\n2,/b\r\n\r\n`)
      expect(entries.map((entry) => entry.path)).toEqual(['/a', '/b'])
      expect(report.bad).toBe(0)
    }
  })

  test('quoted fields hold commas and quotes', () => {
    const { entries } = readTrace('"t","path",key\n"1","/a,b","say ""hi"""\n2,/c,""\n')
    expect(entries.map((entry) => [entry.path, entry.key])).toEqual([
      ['/a,b', 'say "hi"'],
      ['/c', ''],
    ])
  })

  test('whatever a field holds, a writer by RFC 4180 and this reader agree', () => {
    const field = fc.string().filter((text) => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (keys) => {
        const lines = keys.map((key) => `0,"${key.replaceAll('"', '""')}"`)
        const { entries } = readTrace(['t,key', ...lines].join('\n'))
        expect(entries.map((entry) => entry.key)).toEqual(keys)
      }),
    )
  })

  test('in tab-separated lines a quote is a character like any other', () => {
    const { entries } = readTrace('t\tpath\n1\t/"a"\n2\t"/b\n')
    expect(entries.map((entry) => entry.path)).toEqual(['/"a"', '"/b'])
  })

  test('paths stay byte for byte as they are', () => {
    const paths = ['/\\\\yahoo.com', '//x/../y', '/%7Ea%zz', '/caf\xe9', '*', '/a?b#c', 'http://h/']
    const { entries } = readTrace(`t\turl\n${paths.map((path) => `0\t${path}`).join('\n')}`)
    expect(entries.map((entry) => entry.path)).toEqual(paths)
  })

  test('a dash or nothing means that there is no figure', () => {
    const { entries, report } = readTrace('t,bytes,status,method\n1,-,,-\n')
    expect(entries[0]).toMatchObject({ bytes: undefined, status: undefined, method: 'GET' })
    expect(report.bad).toBe(0)
  })

  test.each([
    ['x,/,GET,0,0', 't must be a number of seconds or a date, got "x"'],
    ['0x10,/,GET,0,0', 't must be a number of seconds or a date, got "0x10"'],
    ['1e999,/,GET,0,0', 't must be a number of seconds or a date, got "1e999"'],
    ['NaN,/,GET,0,0', 't must be a number of seconds or a date, got "NaN"'],
    ['-1,/,GET,0,0', 't must be at least 0, got "-1"'],
    [',/,GET,0,0', 't is empty'],
    ['1,,GET,0,0', 'url is empty'],
    ['1,/a b,GET,0,0', 'url must not hold spaces or control characters, got "/a b"'],
    ['1,/a\u0007,GET,0,0', 'url must not hold spaces or control characters, got "/a?"'],
    ['1,/,G ET,0,0', 'method must be an HTTP method, got "G ET"'],
    ['1,/,GET,-5,0', 'bytes must be a whole number of at least 0, got "-5"'],
    ['1,/,GET,1.5,0', 'bytes must be a whole number of at least 0, got "1.5"'],
    ['1,/,GET,0,-1', 'service_ms must be at least 0, got "-1"'],
    ['1,/,GET', '3 fields where the header has 5'],
    ['1,/,GET,0,0,9', '6 fields where the header has 5'],
    ['1,"/,GET,0,0', 'a quoted field is not closed'],
    ['1,"/"x,GET,0,0', 'there is text after a closing quote'],
  ])('the line %j is bad: %s', (line, reason) => {
    const { entries, report } = readTrace(
      `t,url,method,bytes,service_ms\n1,/,GET,1,1\n${line}\n2,/,GET,1,1\n`,
    )
    expect(report).toMatchObject({ entries: 2, bad: 1, badLines: [{ line: 3, reason }] })
    expect(entries.map((entry) => entry.t)).toEqual([0, 1000])
  })

  test('all bad lines are counted, the first five are kept', () => {
    const { report } = readTrace(`t\n1\n\n${'bad\n'.repeat(9)}2\n`)
    expect(report.bad).toBe(9)
    expect(report.badLines.map((bad) => bad.line)).toEqual([4, 5, 6, 7, 8])
    expect(report.entries).toBe(2)
  })

  test('no text makes the reader throw once it has a header', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary-ascii' }), { maxLength: 20 }), (lines) => {
        let entries = 0
        const reader = new TraceReader({ format: 'csv' }, () => entries++)
        reader.line('t,path,"key"')
        for (const line of lines) reader.line(line)
        reader.end()
        expect(reader.entries).toBe(entries)
      }),
    )
  })
})

describe('time', () => {
  test('a bad first line does not set the origin', () => {
    const { entries } = readTrace('t,bytes\n100,x\n200,1\n201,1\n')
    expect(entries.map((entry) => entry.t)).toEqual([0, 1000])
  })

  test('microseconds of Unix times are kept', () => {
    const { entries } = readTrace('t\n1700000000.000001\n1700000000.123457\n')
    expect(entries[1].t).toBe(123.456)
  })

  test('ties and steps back are counted and left as they are', () => {
    const { entries, report } = readTrace('t\n10\n10\n12\n11\n9\n12\n12\n')
    expect(entries.map((entry) => entry.t)).toEqual([0, 0, 2000, 1000, -1000, 2000, 2000])
    expect(report).toMatchObject({ ties: 2, backwardSteps: 2, span: 3000 })
    expect(report.timeline.start).toBe(9)
  })
})
