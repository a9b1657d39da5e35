/** Reads a log in a worker, piece by piece: it may be larger than memory, and it never leaves this computer. */
import { type Trace, TraceCollector } from '../../../simulator/trace/collector.ts'
import { Inspection } from '../../../simulator/trace/inspection.ts'
import { TraceReader } from '../../../simulator/trace/reader.ts'
import { Reorder } from '../../../simulator/trace/reorder.ts'
import type { FromLog, ToLog } from './replayed-log.ts'

/** As on the command line: with more bad lines than that it is no log. */
const MOST_BAD = 0.01

function say(message: FromLog): void {
  self.postMessage(message)
}

self.addEventListener('message', ({ data }: MessageEvent<ToLog>) => {
  read(data.file).catch((error: unknown) => {
    say({ kind: 'fault', message: error instanceof Error ? error.message : String(error) })
  })
})

async function read(file: File): Promise<void> {
  const collector = new TraceCollector()
  const inspection = new Inspection()
  const order = new Reorder((entry) => collector.add(entry))
  const reader = new TraceReader({}, (entry) => {
    inspection.add(entry)
    order.add(entry)
  })
  // Byte by byte, so that paths stay exactly as they were recorded.
  const decoder = new TextDecoder('latin1')
  const stream = file.stream().getReader()
  let done = 0
  let told = 0
  for (;;) {
    const piece = await stream.read()
    if (piece.done) break
    reader.chunk(decoder.decode(piece.value, { stream: true }))
    done += piece.value.length
    if (done - told < 4_000_000) continue
    told = done
    say({ kind: 'progress', share: done / file.size })
  }
  reader.end()
  order.end()
  const fault = whyUnusable(reader)
  if (fault !== undefined) {
    say({ kind: 'fault', message: fault })
    return
  }
  const trace = collector.finish()
  const figures = inspection.figures(reader)
  say({ kind: 'read', figures, trace, sha256: await hashOf(trace) })
}

function whyUnusable({ bad, badLines, entries }: TraceReader): string | undefined {
  const [first] = badLines
  const why = first === undefined ? '' : `: line ${first.line}: ${first.reason}`
  if (entries === 0) return `there is no request in it${why}`
  if (bad / (bad + entries) <= MOST_BAD) return undefined
  return `${bad} of ${bad + entries} lines cannot be read${why}`
}

/** Where there is no hash to be had (a page without TLS on another host) there is none. */
async function hashOf({ keys, times, work }: Trace): Promise<string> {
  if (self.crypto?.subtle === undefined) return ''
  const parts = [times, keys, work].filter((part) => part !== undefined)
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const { buffer, byteLength, byteOffset } of parts) {
    whole.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  const digest = new Uint8Array(await self.crypto.subtle.digest('SHA-256', whole))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
