import { drawEvent, drawLine, drawLive, type LiveEvent, type LiveView } from './live-view.ts'
import { type Paint, paintFor } from './paint.ts'
import { drawPlaces, drawTitle } from './places-view.ts'

/** Where a run shows itself. */
export interface Screen {
  readonly width: number
  readonly paint: Paint
  /** How things stand; called once a second. */
  draw(view: LiveView): void
  event(event: LiveEvent): void
  /** Ends the live part; what was shown last stays. */
  close(): void
  /** Lines that stay. Also before the live part. */
  print(lines: readonly string[]): void
}

const LINE_EVERY = 5000
const WIDTH_OF_A_PIPE = 120

export function screenFor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Screen {
  const paint = paintFor(stream, environment)
  // A terminal that cannot move its cursor is a sort of pipe.
  if (!stream.isTTY || environment['TERM'] === 'dumb') return new LineScreen(stream, paint)
  return new TerminalScreen(stream, paint)
}

const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CLEAR_LINE = '\x1b[K'
const CLEAR_BELOW = '\x1b[J'

/** Draws over what it drew before. The rest of the terminal stays as it was, and so does the last drawing. */
export class TerminalScreen implements Screen {
  readonly paint: Paint
  private readonly stream: NodeJS.WriteStream
  private drawn = 0
  private hidden = false

  constructor(stream: NodeJS.WriteStream, paint: Paint) {
    this.stream = stream
    this.paint = paint
  }

  get width(): number {
    // One less than there is: some terminals wrap as soon as the last column is filled.
    return Math.max(40, (this.stream.columns || 80) - 1)
  }

  draw(view: LiveView): void {
    // What does not fit in height could not be drawn over again.
    const height = Math.max(1, (this.stream.rows || 24) - 1)
    const lines = drawLive(view, this.width, this.paint, height)
    const start = this.hidden ? '' : HIDE_CURSOR
    this.hidden = true
    const text = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')
    this.stream.write(start + this.back() + text + CLEAR_BELOW)
    this.drawn = lines.length
  }

  /** It is in the next drawing. */
  event(): void {}

  close(): void {
    if (this.hidden) this.stream.write(SHOW_CURSOR)
    this.hidden = false
    this.drawn = 0
  }

  print(lines: readonly string[]): void {
    this.stream.write(lines.map((line) => `${line}\n`).join(''))
  }

  private back(): string {
    return this.drawn > 0 ? `\x1b[${this.drawn}A\r` : ''
  }
}

/** For pipes and logs: a line every few seconds, and one for each event as it happens. */
export class LineScreen implements Screen {
  readonly width = WIDTH_OF_A_PIPE
  readonly paint: Paint
  private readonly stream: NodeJS.WritableStream
  private next = 0

  constructor(stream: NodeJS.WritableStream, paint: Paint) {
    this.stream = stream
    this.paint = paint
  }

  draw(view: LiveView): void {
    if (view.elapsed < this.next) return
    if (this.next === 0) {
      this.print([drawTitle(view, this.width, this.paint), ...drawPlaces(view, this.width)])
    } else {
      this.print([drawLine(view)])
    }
    this.next = Math.floor(view.elapsed / LINE_EVERY + 1) * LINE_EVERY
  }

  event(event: LiveEvent): void {
    this.print([drawEvent(event, this.width, this.paint)])
  }

  close(): void {}

  print(lines: readonly string[]): void {
    this.stream.write(lines.map((line) => `${line}\n`).join(''))
  }
}
