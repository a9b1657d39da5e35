import { clip, LineError, TimeError, TraceFormatError } from './errors.ts'
import { bytesOf } from './json-lines.ts'
import { targetOf } from './request-line.ts'
import { isoTime } from './time.ts'
import type { TraceEntry } from './trace.ts'

interface Har {
  readonly log?: { readonly entries?: unknown }
}

interface HarEntry {
  readonly startedDateTime?: unknown
  readonly request?: { readonly method?: unknown; readonly url?: unknown }
  readonly response?: { readonly status?: unknown; readonly bodySize?: unknown }
  readonly timings?: { readonly wait?: unknown }
}

/** The entries of an HTTP Archive (HAR 1.2, what a browser's network page saves). It is one JSON document, so it must fit in memory. */
export function harEntries(text: string): unknown[] {
  let har: Har
  try {
    har = JSON.parse(text) as Har
  } catch (error) {
    throw new TraceFormatError(`the HAR is no JSON: ${clip((error as Error).message, 200)}`)
  }
  const entries = (har as Har | null)?.log?.entries
  if (Array.isArray(entries)) return entries
  throw new TraceFormatError('the HAR has no log.entries')
}

/** With `t` in Unix seconds. The key is the host, and the work is `timings.wait`: what the server took. Throws a `LineError`. */
export function harEntry(value: unknown): TraceEntry {
  const { request, response, startedDateTime, timings } = (value ?? {}) as HarEntry
  const seconds = typeof startedDateTime === 'string' ? isoTime(startedDateTime) : NaN
  if (!(seconds >= 0)) {
    throw new TimeError(
      `startedDateTime is no time: ${clip(JSON.stringify(startedDateTime ?? null))}`,
    )
  }
  const { method, url } = request ?? {}
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw new LineError('request.method or request.url is missing')
  }
  const parts = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i.exec(url)
  const target = parts === null ? url : parts[2]
  const path = targetOf(bytesOf(target.startsWith('/') ? target : `/${target}`))
  return {
    t: seconds,
    method,
    path,
    key: bytesOf(parts?.[1] ?? ''),
    bytes: atLeast0(response?.bodySize),
    status: atLeast0(response?.status),
    work: atLeast0(timings?.wait),
  }
}

/** -1 stands for what is not known. */
function atLeast0(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Infinity ? value : undefined
}
