import { STATUS_CODES } from 'node:http'
import { fieldOf } from './fields.ts'
import { prefersHtml } from './prefers-html.ts'

/** An answer that the proxy makes itself. */
export interface ErrorAnswer {
  readonly fields: string[]
  readonly body: Buffer
}

const SENTENCES = {
  bad_request: 'The request is malformed or ambiguous.',
  body_too_large: 'The request is larger than this proxy allows.',
  client_timeout: 'The request did not arrive in time.',
  expectation_failed: 'The request expects something that this proxy does not know.',
  flood: 'The connection brings too much that comes to nothing.', // Who does that gets no answer.
  head_too_large: 'The head of the request is larger than this proxy allows.',
  no_server: 'No server can take the request at the moment.',
  not_implemented: 'This proxy does not do what the request asks for.',
  queue_full: 'Every server is busy, and no more requests may wait.',
  queue_timeout: 'Every server is busy, and the request has waited long enough.',
  stopping: 'This proxy is stopping.',
  target_too_long: 'The address of the request is longer than this proxy allows.',
  upstream_connect_timeout: 'A server could not be reached in time.',
  upstream_invalid: 'A server gave an answer that is not HTTP.',
  upstream_reset: 'A server broke off the connection.',
  upstream_timeout: 'A server took too long.',
  upstream_tls: 'No secure connection to a server came about.',
  upstream_unreachable: 'A server could not be reached.',
}

/** Why the proxy answers itself: fixed words for clients, metrics and logs. */
export type ErrorWord = keyof typeof SENTENCES

/**
 * Small, and in the form that the client prefers; names the part that failed in a fixed word, and never an address:
 * details are in the log.
 */
export function errorAnswer(
  status: number,
  word: ErrorWord,
  requestFields: readonly string[],
  requestId: string,
): ErrorAnswer {
  const sentence = SENTENCES[word]
  const html = prefersHtml(fieldOf(requestFields, 'accept', true))
  const body = Buffer.from(
    html ? page(status, word, sentence) : `${JSON.stringify({ error: word, message: sentence })}\n`,
  )
  const fields = [
    'Content-Type',
    html ? 'text/html; charset=utf-8' : 'application/json',
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
    'X-Request-Id',
    requestId,
  ]
  if (status === 503) fields.push('Retry-After', '1')
  return { fields, body }
}

function page(status: number, word: string, sentence: string): string {
  const title = `${status} ${STATUS_CODES[status] ?? ''}`
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8">' +
    `<meta name="viewport" content="width=device-width"><title>${title}</title>` +
    `<h1>${title}</h1><p>${sentence}</p><p><code>${word}</code></p></html>\n`
  )
}
