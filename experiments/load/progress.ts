import { clock, count, milliseconds } from '../../simulator/format.ts'
import type { Second } from './seconds.ts'

/** One line on a terminal, once a second; nothing anywhere else. */
export class LoadProgress {
  private readonly stream: NodeJS.WriteStream
  private shown = false

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream
  }

  show(second: Second, elapsed: number, duration: number): void {
    if (!this.stream.isTTY) return
    this.shown = true
    const line = progressLine(second, elapsed, duration)
    this.stream.write(`\r\u001B[K${line.slice(0, (this.stream.columns || 80) - 1)}`)
  }

  say(text: string): void {
    if (!this.stream.isTTY) return
    this.shown = true
    this.stream.write(`\r\u001B[K${text.slice(0, (this.stream.columns || 80) - 1)}`)
  }

  end(): void {
    if (this.shown) this.stream.write('\r\u001B[K')
    this.shown = false
  }
}

/** `0:07 of 0:30 · 812/s · 12 in flight · p99 45.1 ms · 3 failed`: of the last second. */
export function progressLine(second: Second, elapsed: number, duration: number): string {
  const { answered, errors, failed, inflight, p50, p99, shed } = second
  const over = elapsed > duration
  elapsed += 50 // A tick comes a hair before its second.
  const parts = [duration === Infinity ? clock(elapsed) : `${clock(elapsed)} of ${clock(duration)}`]
  if (over) parts.push('waiting for the last answers')
  parts.push(`${count(answered)}/s`, `${count(inflight)} in flight`)
  if (p50 !== null) parts.push(`p50 ${milliseconds(p50)} ms`, `p99 ${milliseconds(p99)} ms`)
  if (errors > 0) parts.push(`${count(errors)} errors`)
  if (failed > 0) parts.push(`${count(failed)} failed`)
  if (shed > 0) parts.push(`${count(shed)} shed`)
  return parts.join(' · ')
}
