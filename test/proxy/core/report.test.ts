import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Draft,
  readReport,
  type Report,
  SILENT,
  writeReport,
} from '../../../proxy/core/report.ts'

const FIGURES = ['inflight', 'latency', 'utilization', 'rate', 'errorRate'] as const

function read(text: string): Report | undefined {
  const into: Draft = { inflight: 1, latency: 1, utilization: 1, rate: 1, errorRate: 1 }
  return readReport(text, into) ? into : undefined
}

test('a report is written in the form TEXT of the standard, with its names', () => {
  const report = { inflight: 3, latency: 12.5, utilization: 0.3, rate: 120.5, errorRate: 0.2 }
  expect(writeReport(report)).toBe(
    'TEXT application_utilization=0.3, rps_fractional=120.5, eps=0.2, ' +
      'named_metrics.rif=3, named_metrics.latency_ms=12.5',
  )
})

test('what is not known, or cannot be, is left out, and a report without figures is empty', () => {
  expect(writeReport({ ...SILENT, inflight: 0, rate: -1, latency: Infinity })).toBe(
    'TEXT named_metrics.rif=0',
  )
  expect(writeReport(SILENT)).toBe('')
})

test('what was written is read again, to a thousandth', () => {
  const value = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: NaN })
  fc.assert(
    fc.property(fc.tuple(value, value, value, value, value), (values) => {
      const [inflight, latency, utilization, rate, errorRate] = values
      const report = { inflight, latency, utilization, rate, errorRate }
      const found = read(writeReport(report)) ?? SILENT
      for (const name of FIGURES) {
        if (Number.isNaN(report[name])) expect(found[name]).toBeNaN()
        else expect(Math.abs(found[name] - report[name])).toBeLessThanOrEqual(0.000501)
      }
    }),
  )
})

test.each<[string, string, Partial<Report>]>([
  [
    'colons, as Envoy parses them',
    'TEXT cpu_utilization:0.7,eps:2',
    { utilization: 0.7, errorRate: 2 },
  ],
  ['spaces anywhere', 'TEXT   eps= 2 ,  named_metrics.rif=4 ', { errorRate: 2, inflight: 4 }],
  [
    'names that mean nothing here',
    'TEXT mem_utilization=0.9, eps=1, named_metrics.x=1',
    { errorRate: 1 },
  ],
  [
    'the application before the processor',
    'TEXT cpu_utilization=0.9, application_utilization=0.2',
    { utilization: 0.2 },
  ],
  [
    'the processor where the application says 0',
    'TEXT application_utilization=0, cpu_utilization=0.4',
    { utilization: 0.4 },
  ],
  ['an application that says 0, alone', 'TEXT application_utilization=0', { utilization: 0 }],
  ['exponents', 'TEXT rps_fractional=1.5e3', { rate: 1500 }],
  ['the last of two', 'TEXT eps=1, eps=2', { errorRate: 2 }],
  [
    'JSON',
    'JSON {"rps_fractional": 7, "named_metrics": {"rif": 2, "latency_ms": 3.5}}',
    { rate: 7, inflight: 2, latency: 3.5 },
  ],
  [
    'JSON in camel case',
    'JSON {"cpuUtilization": 0.5, "rpsFractional": 9, "namedMetrics": {"rif": 1}}',
    { utilization: 0.5, rate: 9, inflight: 1 },
  ],
  [
    'JSON with some figures that cannot be',
    'JSON {"eps": "NaN", "rps_fractional": -1, "cpu_utilization": 1}',
    { utilization: 1 },
  ],
])('reads %s', (_, text, figures) => {
  expect(read(text)).toEqual({ ...SILENT, ...figures })
})

test.each([
  '',
  'TEXT',
  'TEXT ',
  'TEXT eps',
  'TEXT eps=',
  'TEXT =1',
  'TEXT eps=-1',
  'TEXT eps=NaN',
  'TEXT eps=Infinity',
  'TEXT eps=1e10',
  'TEXT eps=0x10',
  'TEXT eps=1 2',
  'TEXT eps=1.2.3',
  'TEXT eps=.',
  'TEXT "eps"=1',
  'TEXT EPS=1',
  'TEXT mem_utilization=0.5',
  'text eps=1',
  'eps=1',
  'BIN CZqZmZmZmbk/',
  'JSON',
  'JSON {',
  'JSON null',
  'JSON 3',
  'JSON [1]',
  'JSON {"eps": "1"}',
  'JSON {"eps": null, "named_metrics": 3}',
  'JSON {"__proto__": {"eps": 1}}',
])('hears nothing in %j', (text) => {
  expect(read(text)).toBeUndefined()
})

test('garbage never throws, and whatever is heard is a figure that can be', () => {
  const pieces =
    'eps|named_metrics.rif|cpu_utilization|=|:|,| |{|}|"|-|1|0.5|1e999|NaN|\0|é|__proto__'
  const words = fc.constantFrom('TEXT ', 'JSON ', ...pieces.split('|'))
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((parts) => parts.join('')),
    fc.array(words).map((parts) => `TEXT ${parts.join('')}`),
    fc.json().map((json) => `JSON ${json}`),
    fc.record({ eps: fc.anything(), named_metrics: fc.anything() }).map((value) => {
      return `JSON ${JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? 1 : each))}`
    }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const report = read(text)
      if (report === undefined) return
      const given = FIGURES.map((name) => report[name]).filter((value) => !Number.isNaN(value))
      expect(given.length).toBeGreaterThan(0)
      for (const value of given) expect(value >= 0 && value <= 1e9).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
