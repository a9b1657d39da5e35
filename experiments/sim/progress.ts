import { count, plural } from '../../simulator/format.ts'

/** How often to look, in milliseconds. */
const EVERY = 200

/** Whose progress can be told. */
export interface Watched {
  readonly progress: { readonly runs: number; readonly requests: number }
  /** Runs, all of them. */
  readonly asked: number
}

/** One line on a terminal: how far it is, how fast, and how long it will take. Nothing at all anywhere else. */
export class Progress {
  private readonly stream: NodeJS.WriteStream
  private readonly watched: Watched
  private readonly startedAt = performance.now()
  private readonly timer: NodeJS.Timeout | undefined
  private shown = false

  constructor(stream: NodeJS.WriteStream, watched: Watched) {
    this.stream = stream
    this.watched = watched
    if (stream.isTTY) this.timer = setInterval(() => this.show(), EVERY)
  }

  end(): void {
    clearInterval(this.timer)
    if (this.shown) this.stream.write('\r\u001B[K')
    this.shown = false
  }

  private show(): void {
    const { progress, asked } = this.watched
    const line = lineOf(progress, asked, performance.now() - this.startedAt)
    this.shown = true
    this.stream.write(`\r\u001B[K${line.slice(0, (this.stream.columns || 80) - 1)}`)
  }
}

/** `12 of 30 runs · 2.4 million requests/s · about 4 s left`; `elapsed` in milliseconds. */
export function lineOf(
  { requests, runs }: { requests: number; runs: number },
  asked: number,
  elapsed: number,
): string {
  const share = asked === 0 ? 0 : runs / asked
  const words = [`${count(Math.floor(runs))} of ${plural(asked, 'run')}`]
  if (requests > 0) words.push(speed((requests * 1000) / elapsed))
  if (share > 0) words.push(left((elapsed * (1 - share)) / share))
  return words.join(' · ')
}

function speed(perSecond: number): string {
  if (perSecond < 1e6) return `${count(perSecond)} requests/s`
  return `${(perSecond / 1e6).toFixed(1)} million requests/s`
}

function left(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  return seconds < 120 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`
}
