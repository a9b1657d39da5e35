import { clip, LineError, TimeError } from './errors.ts'
import { type LineParser, NO_REQUEST } from './parser.ts'
import { requestOf } from './request-line.ts'
import { commonTime, RememberedTime } from './time.ts'
import type { LoggedAttempt, TraceEntry } from './trace.ts'

/**
 * `option httplog` of HAProxy (Configuration Manual, section 8.2.3), behind whatever syslog has put in front:
 * client, [time], frontend, backend/server, five timers, status, bytes, two cookies, termination state, connections, queues,
 * captured fields in braces, and the request, whose closing quote is missing where the line was too long. The look back keeps the search
 * linear: it begins at words only.
 */
const LINE =
  /(?<!\S)(\S+):\d+ \[([^\]]{20}(?:\.\d{1,6})?)\] \S+ \S+\/(\S+) (-?\d+)\/(-?\d+)\/(-?\d+)\/(-?\d+)\/\+?(-?\d+) (-?\d+) \+?(\d+) \S+ \S+ \S+ \d+\/\d+\/\d+\/\d+\/\+?\d+ \d+\/\d+ (?:\{.*\} )?"(.*?)"?$/s

/** How long a date is without its fraction. */
const WHOLE = '06/Feb/2009:12:14:14'.length

/** The process speaks of itself: it starts, a server goes down. */
const NOTICE = /\bhaproxy(?:\[\d+\])?: (?!\S+:\d+ \[)/

/** The date in a line tells when the request began, in local time without a zone: it is read as UTC. */
export class HaproxyParser implements LineParser {
  readonly clock = '%tr'
  readonly worksOut = false
  private readonly time = new RememberedTime(commonTime)

  parse(line: string): TraceEntry | typeof NO_REQUEST {
    const found = LINE.exec(line)
    if (found === null) {
      if (NOTICE.test(line)) return NO_REQUEST
      throw new LineError(`is no line of HAProxy's httplog: "${clip(line)}"`)
    }
    const [, client, date, server, read, wait, connect, response, active, status, bytes, text] =
      found
    // All but the milliseconds is mostly that of the line before.
    const seconds = this.time.of(date.slice(0, WHOLE)) + Number(`0${date.slice(WHOLE)}`)
    if (!(seconds >= 0)) throw new TimeError(`"${clip(date)}" is no time`)
    const request = requestOf(text)
    if (request === NO_REQUEST || text === '<BADREQ>') return NO_REQUEST
    return {
      t: seconds,
      method: request.method,
      path: request.path,
      key: client,
      bytes: Number(bytes),
      // -1 stands for what it never came to.
      status: Number(status) < 0 ? undefined : Number(status),
      // Tr, what the server took from the request to the head of its answer.
      work: Number(response) < 0 ? undefined : Number(response),
      took: Number(active) < 0 ? undefined : Number(active),
      attempts: attemptOf(
        server,
        Number(status),
        [read, wait, connect, response, active].map(Number),
      ),
    }
  }
}

/** From when the server was there for it to the end of the answer; none where it never came to that. */
function attemptOf(server: string, status: number, timers: readonly number[]): LoggedAttempt[] {
  const [read, wait, connect, response, active] = timers
  if (server.startsWith('<') || timers.some((each) => each < 0)) return []
  const start = read + wait
  const total = Math.max(connect + response, active - start)
  return [{ server, outcome: status < 500 ? 'ok' : 'error', start, connect, total }]
}

/** Whether a line is one of HAProxy's, to tell a log by. */
export function isHaproxy(line: string): boolean {
  return LINE.test(line) || /\bhaproxy\[\d+\]: /.test(line)
}
