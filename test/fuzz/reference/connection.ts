import { type Head, type House, readRequest, type Refusal, type Request } from './request.ts'

interface Read {
  readonly request: Request
  /** To refuse it is allowed too: why. */
  readonly free: string | undefined
}

/** What a strict reader makes of all the bytes that a client sends on one connection. */
export interface Reading {
  readonly requests: readonly Read[]
  readonly end:
    | { readonly kind: 'clean' }
    /** A request said that it is the last. */
    | { readonly kind: 'closed' }
    | { readonly kind: 'incomplete'; readonly request: Request | undefined }
    | {
        readonly kind: 'refused'
        readonly refusal: Refusal
        /** Of which the grammar was right. */
        readonly head: Head | undefined
        readonly request: Request | undefined
      }
}

/** RFC 9112, section 9.3: one message after the other. */
export function readConnection(text: string, house: House): Reading {
  const requests: Read[] = []
  let at = 0
  for (;;) {
    const start = behindLineEnds(text, at)
    if (start === text.length) return { requests, end: { kind: 'clean' } }
    const message = readRequest(text, start, house)
    if (message.kind === 'incomplete') {
      return { requests, end: { kind: 'incomplete', request: message.request } }
    }
    if (message.kind === 'refused') {
      return { requests, end: { head: undefined, request: undefined, ...message } }
    }
    const { request } = message
    requests.push({ request, free: unclean(text.slice(at, start)) ?? request.free })
    if (!request.persists) return { requests, end: { kind: 'closed' } }
    at = message.next
  }
}

/** RFC 9112, section 2.2: empty lines before a request line are ignored. */
function behindLineEnds(text: string, start: number): number {
  let at = start
  while (text[at] === '\r' || text[at] === '\n') at++
  return at
}

/** node:http ignores every CR and LF before a request line, not only empty lines; no request can hide in them. */
function unclean(between: string): string | undefined {
  return /^(?:\r\n)*$/.test(between) ? undefined : 'CR or LF alone before a request line'
}
