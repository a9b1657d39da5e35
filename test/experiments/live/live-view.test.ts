import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  drawEvent,
  drawLine,
  drawLive,
  type LiveView,
} from '../../../experiments/live/live-view.ts'
import { colourful, plain } from '../../../experiments/live/paint.ts'

const VIEW: LiveView = {
  elapsed: 83_400,
  strategy: 'least_connections',
  traffic: '100 requests/s, Poisson, seed 1',
  proxy: { url: 'http://127.0.0.1:8080', pid: 4710 },
  page: 'http://127.0.0.1:8080/lb/',
  fakes: [
    { id: 'b1', url: 'http://127.0.0.1:9001', pid: 4711 },
    { id: 'b2', url: 'http://127.0.0.1:9002', pid: undefined },
    { id: 'b3', url: 'http://127.0.0.1:9003', pid: 4713 },
  ],
  load: {
    due: 8340,
    answered: 8335,
    inflight: 5,
    failed: 0,
    unsendable: 0,
    shed: 0,
    lateness: 1.234,
  },
  rows: [
    {
      id: 'b1',
      state: 'up',
      reason: '',
      share: 0.7312,
      dueShare: 4 / 5,
      rate: 73.1,
      inflight: 1,
      errors: 0,
      p50: 10.2,
      p95: 14.9,
      p99: 15.7,
    },
    {
      id: 'b2',
      state: 'down',
      reason: 'connect refused',
      share: 0,
      dueShare: 0,
      rate: 0,
      inflight: 0,
      errors: 12,
      p50: null,
      p95: null,
      p99: null,
    },
    {
      id: 'b3',
      state: 'full',
      reason: '',
      share: 0.2688,
      dueShare: 1 / 5,
      rate: 1026.9,
      inflight: 16,
      errors: 0,
      p50: 40.1,
      p95: 158.6,
      p99: 1204.4,
    },
  ],
  events: [
    {
      elapsed: 79_000,
      tone: 'bad',
      text: 'b2 (pid 4712) was killed by SIGKILL; it starts again in 4 s',
    },
    { elapsed: 80_100, tone: 'bad', text: 'b2 went down: connect refused' },
  ],
}

describe('the live table', () => {
  test('fits into 80 columns, with reasons on lines of their own', () => {
    expect(`\n${drawLive(VIEW, 79, plain).join('\n')}\n`).toBe(`
Evenkeel · least_connections · 100 requests/s, Poisson, seed 1             1:23
proxy    http://127.0.0.1:8080 (pid 4710) · page http://127.0.0.1:8080/lb/
fakes    b1 http://127.0.0.1:9001 (pid 4711)
         b2 http://127.0.0.1:9002 (not running)
         b3 http://127.0.0.1:9003 (pid 4713)
traffic  8,340 due · 8,335 answered · 5 in flight · 0 failed
         p99 lateness 1.23 ms

server  state    share  expect  req/s  in fl.  errors   p50   p95    p99
b1      ● up    73.1 %  80.0 %   73.1       1       0  10.2  14.9   15.7
b2      ✗ down   0.0 %   0.0 %    0.0       0      12     –     –      –
        └ connect refused
b3      ◐ full  26.9 %  20.0 %  1,027      16       0  40.1   159  1,204
latencies in ms and shares: the last 10 s; errors: since the start

  1:19  b2 (pid 4712) was killed by SIGKILL; it starts again in 4 s
  1:20  b2 went down: connect refused

Ctrl-C ends the run and prints the summary.
`)
  })

  test('gives reasons a column where there is room', () => {
    expect(`\n${drawLive(VIEW, 119, plain).join('\n')}\n`).toBe(`
Evenkeel · least_connections · 100 requests/s, Poisson, seed 1                                                     1:23
proxy    http://127.0.0.1:8080 (pid 4710) · page http://127.0.0.1:8080/lb/
fakes    b1 http://127.0.0.1:9001 (pid 4711) · b2 http://127.0.0.1:9002 (not running)
         b3 http://127.0.0.1:9003 (pid 4713)
traffic  8,340 due · 8,335 answered · 5 in flight · 0 failed · p99 lateness 1.23 ms

server  state    share  expect  req/s  in fl.  errors   p50   p95    p99  why
b1      ● up    73.1 %  80.0 %   73.1       1       0  10.2  14.9   15.7
b2      ✗ down   0.0 %   0.0 %    0.0       0      12     –     –      –  connect refused
b3      ◐ full  26.9 %  20.0 %  1,027      16       0  40.1   159  1,204
latencies in ms and shares: the last 10 s; errors: since the start

  1:19  b2 (pid 4712) was killed by SIGKILL; it starts again in 4 s
  1:20  b2 went down: connect refused

Ctrl-C ends the run and prints the summary.
`)
  })

  test('says so while there is nothing to show yet', () => {
    const lines = drawLive({ ...VIEW, elapsed: 0, rows: [], events: [] }, 79, plain)
    expect(lines).toContain('waiting for the first second to end …')
  })

  test('is never wider than the terminal, and colours change no text', () => {
    const texts = fc.record({
      reason: fc.string({ unit: 'grapheme-ascii' }),
      text: fc.string({ unit: 'grapheme-ascii' }),
      width: fc.integer({ min: 40, max: 200 }),
    })
    fc.assert(
      fc.property(texts, ({ reason, text, width }) => {
        const view: LiveView = {
          ...VIEW,
          rows: VIEW.rows.map((row) => ({ ...row, reason })),
          events: [{ elapsed: 0, tone: 'warn', text }],
        }
        const lines = drawLive(view, width, plain)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        const marked = drawLive(view, width, (_tone, each) => `\0${each}\0`)
        expect(marked.map((line) => line.replaceAll('\0', '').trimEnd())).toEqual(
          lines.map((line) => line.trimEnd()),
        )
      }),
    )
  })

  test('has the line of a log, too', () => {
    expect(drawLine(VIEW)).toBe(
      '  1:23  8,340 due, 8,335 answered, 0 failed · b1 73.1 % p99 15.7 ms' +
        ' · b2 DOWN 0.0 % p99 – ms · b3 FULL 26.9 % p99 1,204 ms',
    )
    expect(drawEvent(VIEW.events[1], 30, plain)).toBe('  1:20  b2 went down: connect…')
  })

  test('marks what is wrong in red', () => {
    expect(drawEvent({ elapsed: 0, tone: 'bad', text: 'gone' }, 80, colourful)).toContain(
      '\x1b[31mgone\x1b[39m',
    )
  })
})
