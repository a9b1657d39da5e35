import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import { LineError, TimeError } from './errors.ts'
import { bytesOf, objectOf } from './json-lines.ts'
import { type LineParser, NO_REQUEST } from './parser.ts'
import { targetOf } from './request-line.ts'
import { isoTime } from './time.ts'
import type { LoggedAttempt, TraceEntry } from './trace.ts'

interface Attempt {
  readonly server?: unknown
  readonly outcome?: unknown
  readonly start?: unknown
  readonly connect?: unknown
  readonly total?: unknown
}

/**
 * The access log of our own proxy (proxy/http/access-log.ts): yesterday's traffic, for tomorrow's algorithm. `time` is when a request came, but a
 * line is written when it has ended, so times step back where requests overlap.
 *
 * The work is what the last server that was tried took, from when it had the request. The key is the affinity key, as the proxy hashed it.
 */
export class OwnLogParser implements LineParser {
  readonly clock = 'time'
  readonly worksOut = false

  parse(line: string): TraceEntry | typeof NO_REQUEST {
    const fields = objectOf(line)
    const { attempts, bytes_out: bytes, key, method, outcome, status, target, time, total } = fields
    if (typeof time !== 'string') throw new LineError('there is no time')
    const seconds = isoTime(time)
    if (!(seconds >= 0)) throw new TimeError(`time is no time: ${JSON.stringify(time)}`)
    // What came in was no request: it has a line, and never got to a server.
    if (typeof method !== 'string' || typeof target !== 'string') return NO_REQUEST
    const tries = Array.isArray(attempts) ? (attempts as Attempt[]) : []
    const last = tries.at(-1)
    return {
      t: seconds,
      method,
      path: targetOf(bytesOf(target)),
      key: typeof key === 'number' || typeof key === 'string' ? bytesOf(String(key)) : '',
      bytes: typeof bytes === 'number' ? bytes : undefined,
      status: typeof status === 'number' ? status : undefined,
      work: last === undefined ? undefined : serviceOf(last),
      took: typeof total === 'number' && total >= 0 ? total : undefined,
      outcome: outcomeOf(outcome),
      attempts: tries.flatMap(attemptOf),
    }
  }
}

function serviceOf({ connect, total }: Attempt): number | undefined {
  if (typeof connect !== 'number' || typeof total !== 'number') return undefined
  // -1: it never got the request.
  if (connect < 0 || total < connect) return undefined
  return Math.round((total - connect) * 1000) / 1000
}

/** Those that cannot be read are left out: the request is still one. */
function attemptOf({ connect, outcome, server, start, total }: Attempt): LoggedAttempt[] {
  const how = outcomeOf(outcome)
  if (typeof server !== 'string' || how === undefined) return []
  if (typeof start !== 'number' || typeof total !== 'number' || start < 0 || total < 0) return []
  const until = typeof connect === 'number' ? Math.max(0, connect) : 0
  return [{ server: bytesOf(server), outcome: how, start, connect: until, total }]
}

function outcomeOf(value: unknown): Outcome | undefined {
  return OUTCOMES.find((each) => each === value)
}
