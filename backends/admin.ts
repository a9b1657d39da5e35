import type { IncomingMessage, ServerResponse } from 'node:http'
import { changeFaults, FaultsError, type Faults } from './faults.ts'

/** Far more than any change of faults needs. */
const BODY_LIMIT = 16_384

/** What the admin route shows and changes. */
export interface Adjustable {
  readonly id: string
  faults: Faults
  /** Everything worth knowing about it, as plain data. */
  state(): Record<string, unknown>
}

/**
 * Answers `/_fake`: GET shows the state of a fake, PUT changes its faults.
 *
 * It is meant for whoever runs the lab and talks to the fake directly. A request with a Via field came through a proxy, so from
 * anybody: it is refused.
 */
export function answerAdmin(
  fake: Adjustable,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.headers.via !== undefined) {
    refuse(403, 'forbidden', ['this route is not for requests that came through a proxy'])
  } else if (request.method === 'GET' || request.method === 'HEAD') {
    send(200, fake.state())
  } else if (request.method === 'PUT') {
    readBody(request, (text) => {
      if (text === undefined) return refuse(413, 'too_large', [`at most ${BODY_LIMIT} bytes`])
      try {
        fake.faults = changeFaults(fake.faults, parse(text))
      } catch (error) {
        if (!(error instanceof FaultsError)) throw error
        return refuse(400, 'bad_request', error.problems)
      }
      send(200, fake.state())
    })
  } else {
    response.setHeader('allow', 'GET, HEAD, PUT')
    refuse(405, 'method_not_allowed', ['GET shows the state, PUT changes it'])
  }

  function refuse(status: number, error: string, problems: readonly string[]): void {
    send(status, { server: fake.id, error, problems })
  }

  function send(status: number, data: unknown): void {
    const body = Buffer.from(`${JSON.stringify(data, null, 2)}\n`)
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-served-by': fake.id,
    })
    response.end(body)
  }
}

/** Undefined for what is no JSON: then it is no object either, and the check says so. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined for a body over the limit. Not called at all when the client leaves before the end. */
function readBody(request: IncomingMessage, done: (text: string | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= BODY_LIMIT) chunks.push(chunk)
  })
  request.on('end', () => {
    done(size <= BODY_LIMIT ? Buffer.concat(chunks).toString() : undefined)
  })
}
