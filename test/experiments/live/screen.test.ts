import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { LiveView } from '../../../experiments/live/live-view.ts'
import { paintFor, plain } from '../../../experiments/live/paint.ts'
import { LineScreen, screenFor, TerminalScreen } from '../../../experiments/live/screen.ts'

function stream(given: Partial<NodeJS.WriteStream>): {
  stream: NodeJS.WriteStream
  text: () => string
} {
  const through = Object.assign(new PassThrough({ encoding: 'utf8' }), given)
  return {
    stream: through as unknown as NodeJS.WriteStream,
    text: () => String(through.read() ?? ''),
  }
}

function view(elapsed: number): LiveView {
  return {
    elapsed,
    strategy: 'random',
    promise: 'weight',
    traffic: 'some',
    proxy: { url: 'http://127.0.0.1:1', pid: 1 },
    page: 'http://127.0.0.1:1/lb/',
    fakes: [],
    load: {
      due: 1,
      answered: 1,
      inflight: 0,
      failed: 0,
      serverErrors: 0,
      unconnected: 0,
      unsendable: 0,
      shed: 0,
      lateness: 0,
    },
    rows: [],
    events: [],
  }
}

test('a pipe gets a line every five seconds and each event, and no cursor movement', () => {
  const { stream: pipe, text } = stream({})
  const screen = screenFor(pipe, {})
  expect(screen).toBeInstanceOf(LineScreen)
  for (let second = 0; second <= 10; second++) {
    screen.draw(view(second * 1000 + 3))
    if (second === 7) screen.event({ elapsed: 7003, tone: 'bad', text: 'b1 went down' })
  }
  const lines = text().split('\n')
  expect(lines.slice(-4)).toEqual([
    '  0:05  1 due, 1 answered, 0 in flight, 0 failed',
    '  0:07  b1 went down',
    '  0:10  1 due, 1 answered, 0 in flight, 0 failed',
    '',
  ])
  expect(lines.join('')).not.toContain('\x1b')
})

test('a terminal is drawn over, with the cursor hidden in between and shown at the end', () => {
  const { stream: terminal, text } = stream({ isTTY: true, columns: 80, rows: 24 })
  const screen = new TerminalScreen(terminal, plain)
  screen.draw(view(0))
  const first = text()
  const height = first.split('\n').length - 1
  expect(first.startsWith('\x1b[?25l')).toBe(true)
  screen.draw(view(1000))
  expect(text().startsWith(`\x1b[${height}A\r`)).toBe(true)
  screen.close()
  expect(text()).toBe('\x1b[?25h')
})

test('a terminal that is too low is not scrolled', () => {
  const { stream: terminal, text } = stream({ isTTY: true, columns: 80, rows: 5 })
  new TerminalScreen(terminal, plain).draw(view(0))
  const lines = text().split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[3]).toContain('Ctrl-C')
})

test('colours are for terminals that did not refuse them', () => {
  const terminal = { isTTY: true } as NodeJS.WriteStream
  expect(paintFor(terminal, {})('bad', 'x')).toContain('\x1b[')
  expect(paintFor(terminal, { NO_COLOR: '1' })('bad', 'x')).toBe('x')
  expect(paintFor(terminal, { TERM: 'dumb' })('bad', 'x')).toBe('x')
  expect(paintFor({ isTTY: false } as NodeJS.WriteStream, {})('bad', 'x')).toBe('x')
})
