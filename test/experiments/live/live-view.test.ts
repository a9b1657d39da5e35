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
  promise: 'adaptive',
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
    serverErrors: 0,
    unconnected: 0,
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

server  state    share   expect  req/s  in fl.  errors   p50   p95    p99
b1      ● up    73.1 %  ~80.0 %   73.1       1       0  10.2  14.9   15.7
b2      ✗ down   0.0 %   ~0.0 %    0.0       0      12     –     –      –
        └ connect refused
b3      ◐ full  26.9 %  ~20.0 %  1,027      16       0  40.1   159  1,204
latencies in ms and shares: the last 10 s
errors: tries that failed, since the start
~ by weight; least_connections follows the load

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

server  state    share   expect  req/s  in fl.  errors   p50   p95    p99  why
b1      ● up    73.1 %  ~80.0 %   73.1       1       0  10.2  14.9   15.7
b2      ✗ down   0.0 %   ~0.0 %    0.0       0      12     –     –      –  connect refused
b3      ◐ full  26.9 %  ~20.0 %  1,027      16       0  40.1   159  1,204
latencies in ms and shares: the last 10 s · errors: tries that failed, since the start
~ by weight; least_connections follows the load

  1:19  b2 (pid 4712) was killed by SIGKILL; it starts again in 4 s
  1:20  b2 went down: connect refused

Ctrl-C ends the run and prints the summary.
`)
  })

  test('marks no share that the strategy promises', () => {
    const text = drawLive({ ...VIEW, promise: 'weight' }, 79, plain).join('\n')
    expect(text).toContain(' 80.0 % ')
    expect(text).not.toContain('~')
  })

  test('names what went wrong with requests, in the log, too', () => {
    const load = { ...VIEW.load, serverErrors: 102, shed: 3, unconnected: 1204, unsendable: 2 }
    const lines = drawLive({ ...VIEW, load }, 150, plain)
    const figures = ['0 failed', '102 × 5xx', '1,204 never connected', '2 unsendable', '3 shed']
    expect(lines.join('\n')).toContain(figures.join(' · '))
    expect(drawLine({ ...VIEW, load })).toContain(figures.join(', '))
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
      '  1:23  8,340 due, 8,335 answered, 5 in flight, 0 failed · b1 73.1 % p99 15.7 ms' +
        ' · b2 DOWN 0.0 % p99 – ms · b3 FULL 26.9 % p99 1,204 ms',
    )
    expect(drawEvent(VIEW.events[1], 30, plain)).toBe('  1:20  b2 went down: connect…')
  })

  test('has no servers to miss before the first second is over', () => {
    const lines = drawLive({ ...VIEW, rows: [], events: [] }, 79, plain, 4)
    expect(lines).toHaveLength(4)
    expect(lines.join('\n')).not.toContain('more server')
  })

  test('marks what is wrong in red', () => {
    expect(drawEvent({ elapsed: 0, tone: 'bad', text: 'gone' }, 80, colourful)).toContain(
      '\x1b[31mgone\x1b[39m',
    )
  })
})

/** A lab of so many fakes, on ports one after the other. */
function fleetOf(number: number, events: number): LiveView {
  const ids = Array.from({ length: number }, (_, i) => i + 1)
  return {
    ...VIEW,
    fakes: ids.map((i) => ({ id: `b${i}`, url: `http://127.0.0.1:${21_000 + i}`, pid: 5000 + i })),
    rows: ids.map((i) => ({ ...VIEW.rows[0], id: `b${i}` })),
    events: ids.slice(0, events).map((i) => ({ elapsed: 0, tone: 'bad', text: `event ${i}` })),
  }
}

describe('in a low terminal, the live table', () => {
  test('puts all fakes on one line and their pids into the table', () => {
    const lines = drawLive(fleetOf(8, 0), 79, plain, 23)
    expect(lines).toContain('fakes    b1…b8 http://127.0.0.1:21001 to :21008')
    expect(lines.find((line) => line.startsWith('server'))).toMatch(/ p99 +pid$/)
    expect(lines.find((line) => line.startsWith('b8'))).toMatch(/ 5008$/)
    expect(lines.at(-1)).toContain('Ctrl-C')
  })

  test('leaves out the pids where there is no room for them', () => {
    const [header] = drawLive(fleetOf(8, 0), 70, plain, 23).filter((line) =>
      line.startsWith('server'),
    )
    expect(header).toMatch(/ p99$/)
  })

  test('names ports that do not follow each other one by one', () => {
    const view = fleetOf(8, 0)
    const fakes = view.fakes.map((fake, i) => ({
      ...fake,
      url: `http://127.0.0.1:${4000 + i * 7}`,
    }))
    const lines = drawLive({ ...view, fakes }, 79, plain, 23)
    expect(lines).toContain(
      'fakes    b1…b8 http://127.0.0.1:4000 :4007 :4014 :4021 :4028 :4035 :4042 :4049',
    )
  })

  test('cuts old events only after the places', () => {
    const lines = drawLive(fleetOf(10, 5), 79, plain, 23)
    const text = lines.join('\n')
    expect(lines.length).toBeLessThanOrEqual(23)
    expect(text).not.toContain('fakes ')
    expect(text).toContain('event 5')
    expect(text).not.toContain('event 1')
    expect(lines.filter((line) => /^b\d/.test(line))).toHaveLength(10)
  })

  test('says how many servers it does not show when there are more than fit', () => {
    const view = fleetOf(20, 5)
    const down = { ...VIEW.rows[1], id: 'b19' }
    const rows = view.rows.map((row) => (row.id === 'b19' ? down : row))
    const lines = drawLive({ ...view, rows }, 79, plain, 23)
    expect(lines).toHaveLength(23)
    expect(lines.slice(-3).map((line) => line.slice(0, 40).trimEnd())).toEqual([
      expect.stringMatching(/^b17 /),
      '… and 3 more servers, of which 1 not up',
      'Ctrl-C ends the run and prints the summa',
    ])
  })

  test('fits whatever the height, shows each server or says that it does not, and keeps the hint', () => {
    const sizes = fc.record({
      servers: fc.integer({ min: 1, max: 20 }),
      events: fc.integer({ min: 0, max: 20 }),
      width: fc.integer({ min: 40, max: 200 }),
      height: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(sizes, ({ servers, events, width, height }) => {
        const lines = drawLive(fleetOf(servers, events), width, plain, height)
        expect(lines.length).toBeLessThanOrEqual(height)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        expect(lines.at(-1)).toContain('Ctrl-C')
        const shown = lines.filter((line) => /^b\d/.test(line)).length
        const more = Number(/^… and (\d+) more/m.exec(lines.join('\n'))?.[1] ?? 0)
        if (height > 8) expect(shown + more).toBe(servers)
        if (more > 0) expect(lines.join('\n')).not.toMatch(/event|fakes/)
      }),
    )
  })
})
