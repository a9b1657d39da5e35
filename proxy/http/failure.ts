import type { Outcome } from '../core/recorder.ts'
import { StreamFailure, type StreamFault } from './h2-failure.ts'
import { ConnectFailure } from './connect-failure.ts'
import { isOutOfFiles } from './descriptors.ts'
import type { ErrorWord } from './error-answer.ts'

/** Why a try failed: what it counts as, and what the client is told if it was the last. */
export interface Failure {
  readonly outcome: Outcome
  readonly status: 400 | 502 | 504
  /** Fixed words for clients, metrics and logs. */
  readonly word: ErrorWord
  /** A few words for people: 'connect refused'. */
  readonly reason: string
  /** The server answered, but not in HTTP. */
  readonly nonsense: boolean
  /** Whatever was sent, the server has not looked at it, and says so: the same request can safely be made again. */
  readonly unprocessed: false | 'refused' | 'retired'
}

/** What the exchange's own deadlines abort a try with. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/** The server answered, but not in HTTP. */
export const NOT_HTTP: Failure = {
  outcome: 'error',
  status: 502,
  word: 'upstream_invalid',
  reason: 'answer is not HTTP',
  nonsense: true,
  unprocessed: false,
}

/** This process may open no more sockets: no server's fault. */
export const OUT_OF_FILES: Failure = {
  outcome: 'refused',
  status: 502,
  word: 'upstream_unreachable',
  reason: 'no more files can be opened here',
  nonsense: false,
  unprocessed: false,
}

const CONNECT_REASONS: Record<string, string> = {
  ECONNREFUSED: 'connect refused',
  ENOENT: 'no such socket',
  EACCES: 'not allowed to use the socket',
  ENOTFOUND: 'name does not resolve',
  EAI_AGAIN: 'name does not resolve',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ECONNRESET: 'connection reset',
}

/**
 * Told from the error's code and from whether a connection stood, never from its message. To look a name up takes files as well, and without them the
 * system says that there is none: so then it is asked whether there are (`outOfFiles`).
 */
export function classify(
  error: Error,
  connected: boolean,
  outOfFiles: () => boolean = isOutOfFiles,
): Failure {
  if (error instanceof DeadlineError) {
    return failure('timeout', 504, 'upstream_timeout', 'too slow')
  }
  if (error instanceof ConnectFailure) {
    const status = error.word === 'upstream_connect_timeout' ? 504 : 502
    return failure('refused', status, error.word, error.reason)
  }
  if (error instanceof StreamFailure) return STREAM_FAILURES[error.fault]
  const code = codeOf(error)
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return UNWRITABLE
  }
  if (!connected) {
    if (code === 'EMFILE' || code === 'ENFILE') return OUT_OF_FILES
    if ((code === 'ENOTFOUND' || code === 'EAI_AGAIN') && outOfFiles()) return OUT_OF_FILES
    if (code === 'UND_ERR_CONNECT_TIMEOUT') {
      return failure('refused', 504, 'upstream_connect_timeout', 'connect timed out')
    }
    return failure('refused', 502, 'upstream_unreachable', CONNECT_REASONS[code] ?? 'no connection')
  }
  if (
    error.name === 'HTTPParserError' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    code === 'UND_ERR_HEADERS_OVERFLOW' ||
    code.startsWith('ERR_INVALID') ||
    code.startsWith('ERR_HTTP')
  ) {
    return NOT_HTTP
  }
  return RESET
}

/** An error's own code, or that of the first error it gathers (a name with several addresses fails with all of them). */
function codeOf(error: Error): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

function failure(
  outcome: Outcome,
  status: 400 | 502 | 504,
  word: ErrorWord,
  reason: string,
  unprocessed: Failure['unprocessed'] = false,
): Failure {
  return { outcome, status, word, reason, nonsense: false, unprocessed }
}

/** It will not be written: the client's doing, and no server's fault. */
const UNWRITABLE = failure('aborted', 400, 'bad_request', 'request cannot be forwarded')

const RESET = failure('error', 502, 'upstream_reset', 'connection broke')

const STREAM_FAILURES: Record<StreamFault, Failure> = {
  retired: failure('refused', 502, 'upstream_unreachable', 'connection was closing', 'retired'),
  refused: failure('refused', 502, 'upstream_unreachable', 'request refused', 'refused'),
  nonsense: NOT_HTTP,
  unwritable: UNWRITABLE,
  broken: RESET,
}
