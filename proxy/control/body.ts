import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { problemsOf } from '../config-problems.ts'
import { writePath } from '../core/problems.ts'
import { Refusal } from './refusal.ts'

/** What steers a server fits into much less. */
const LARGEST = 64 * 1024

/** The JSON that a request brings. Throws a `Refusal`. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  // A form or a text can be sent by any page that a browser shows; JSON cannot, without being asked for first.
  if (!/^application\/(\w+[+-])*json *(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'not_json', ['needs the field Content-Type: application/json'])
  }
  const bytes = await readAll(request)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text) as unknown
  } catch {
    throw new Refusal(400, 'bad_request', ['the body is no JSON'])
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    // Otherwise leaving the loop would cut the connection, before the answer.
    for await (const chunk of request.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > LARGEST) break
      chunks.push(chunk)
    }
  } catch {
    throw new Refusal(400, 'bad_request', ['the body broke off'])
  }
  if (size > LARGEST)
    throw new Refusal(413, 'too_large', [`the body must be at most ${LARGEST} bytes`])
  return Buffer.concat(chunks)
}

/** What a schema makes of a body. Throws a `Refusal` that names all that is wrong, and where. */
export function judged<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  throw new Refusal(
    400,
    'bad_request',
    problemsOf(result.error.issues).map(
      ({ path, text }) => `${writePath(path) || 'the body'} ${text}`,
    ),
  )
}
