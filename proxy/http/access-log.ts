import { hash32 } from '../core/hash.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Attempt } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import { fieldOf } from './fields.ts'
import { FileSink, type LogSink } from './log-sink.ts'
import type { Rejection } from './request-head.ts'

/** Characters that JSON has to escape, and those that could confuse a terminal. */
const UNSAFE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/

/**
 * A JSON line a request, written in batches. It has no object behind it: the line is put together as text, which costs a
 * tenth of building and serialising an object. What clients chose is escaped, so that nobody can forge a line.
 *
 * Times are milliseconds: `queue` until a server was found, or it had waited for one in vain, `connect` until it had the request, `response` until its head
 * came, `total` until the answer was handed to the operating system (HAProxy splits them the same way). -1: never came to it.
 */
export class AccessLog {
  private sink: LogSink
  /** Adds to the proxy's clock to give Unix time, in milliseconds. */
  origin: number
  /** What logs that were left had dropped. */
  private droppedBefore = 0
  private second = -1
  private secondText = ''

  /** Throws the operating system's error if the file cannot be opened for appending. */
  constructor(target: 'stdout' | { file: string } | LogSink, origin: number) {
    this.sink = target === 'stdout' || 'file' in target ? new FileSink(target) : target
    this.origin = origin
  }

  /** Writes that could not be made, and lines that could not be kept. */
  get dropped(): number {
    return this.droppedBefore + this.sink.dropped
  }

  /** Lines go to another place from here on; what waits is still written to the old one, which is closed then. */
  redirect(sink: LogSink, grace: number): void {
    const old = this.sink
    this.droppedBefore += old.dropped
    this.sink = sink
    void old.close(grace)
  }

  write(exchange: Exchange, outcome: Outcome, now: number): void {
    const { arrivedAt, head, request, tries } = exchange
    const { attempts, waited } = tries
    const first = attempts.at(0)
    const last = tries.decisive
    const agent = fieldOf(request.fields, 'user-agent')
    this.sink.add(
      `{"time":"${this.timestamp(arrivedAt)}","id":${quote(exchange.requestId)},"client":"${request.address}"` +
        `,"method":"${request.method}","target":${quote(request.target)},"host":${quote(head?.host ?? '')}` +
        `,"version":"${request.version}","status":${exchange.answer.status},"outcome":"${outcome}","end":"${exchange.word}"` +
        `,"bytes_in":${exchange.bytesIn},"bytes_out":${exchange.answer.bytes},"key":${tries.key}` +
        (tries.session === undefined ? '' : `,"session":"${tries.session.word}"`) +
        `,"server":${last === undefined ? 'null' : quote(last.server.id)}` +
        `,"queue":${first === undefined && waited >= 0 ? milliseconds(waited) : since(first?.startedAt ?? -1, arrivedAt)}` +
        `,"connect":${last === undefined ? -1 : since(last.sentAt, last.startedAt)}` +
        `,"response":${last === undefined ? -1 : since(last.headAt, last.sentAt)}` +
        `,"total":${milliseconds(now - arrivedAt)},"agent":${quote(agent ?? '')}` +
        `,"attempts":[${describe(attempts, arrivedAt)}]}\n`,
    )
  }

  /** Something came in that was no request. */
  rejected(rejection: Rejection, address: string, now: number): void {
    this.sink.add(
      `{"time":"${this.timestamp(now)}","client":"${address}","status":${rejection.status}` +
        `,"outcome":"aborted","end":"${rejection.word}","detail":${quote(rejection.detail)},"attempts":[]}\n`,
    )
  }

  /** Begins to write what waits. */
  flush(): void {
    this.sink.flush()
  }

  /** Writes what waits before anything else happens, as far as it is taken. For a process that ends at once. */
  flushNow(): void {
    this.sink.flushNow()
  }

  /** Resolves when everything is written, or after that many milliseconds if whoever reads it does not. */
  close(patience: number): Promise<void> {
    return this.sink.close(patience)
  }

  /** ISO 8601 with milliseconds; all but the last three digits change once a second. */
  private timestamp(now: number): string {
    const unix = this.origin + now
    const second = Math.floor(unix / 1000)
    if (second !== this.second) {
      this.second = second
      this.secondText = new Date(second * 1000).toISOString().slice(0, 20)
    }
    const millisecond = Math.floor(unix - second * 1000)
    return `${this.secondText}${String(millisecond).padStart(3, '0')}Z`
  }
}

/** A random prefix and a count: unique, and cheap. */
export function requestIds(seed: number): () => string {
  const prefix = hash32(String(seed)).toString(16).padStart(8, '0')
  let count = 0
  return () => `${prefix}-${(++count).toString(36)}`
}

function describe(attempts: readonly Attempt[], arrivedAt: number): string {
  let text = ''
  for (const attempt of attempts) {
    text +=
      `${text === '' ? '' : ','}{"server":${quote(attempt.server.id)},"outcome":"${attempt.outcome}"` +
      (attempt.hedge ? ',"hedge":true' : '') +
      `,"start":${since(attempt.startedAt, arrivedAt)}` +
      `,"connect":${since(attempt.sentAt, attempt.startedAt)}` +
      `,"first_byte":${since(attempt.headAt, attempt.startedAt)}` +
      `,"total":${since(attempt.endedAt, attempt.startedAt)}}`
  }
  return text
}

function quote(text: string): string {
  return UNSAFE.test(text) ? escape(text) : `"${text}"`
}

/** As JSON, with everything beyond ASCII and DEL as \u, so that a line is one line in every terminal and encoding. */
function escape(text: string): string {
  return JSON.stringify(text).replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function since(end: number, start: number): string {
  return end < 0 || start < 0 ? '-1' : milliseconds(end - start)
}

/** '.000' to '.999': printing a double costs ten times as much as looking up its decimals. */
const DECIMALS = Array.from({ length: 1000 }, (_, i) => `.${String(i).padStart(3, '0')}`)

/** With three decimals. */
function milliseconds(time: number): string {
  const microseconds = Math.round(time * 1000)
  const whole = Math.floor(microseconds / 1000)
  return whole + DECIMALS[microseconds - whole * 1000]
}
