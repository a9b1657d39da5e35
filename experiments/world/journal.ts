import { readFileSync } from 'node:fs'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import type { JournalEntry } from '../../proxy/core/journal.ts'
import type { JournalHead } from '../../proxy/journal-file.ts'
import type { RunRecorder } from '../../simulator/run-recorder.ts'

/** What a proxy decided, in order. */
export interface Decisions {
  readonly head: JournalHead
  readonly entries: readonly JournalEntry[]
}

/** A journal that a proxy wrote; a last line that is not whole is left out. */
export function readJournal(file: string): Decisions {
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.pop()
  const [head, ...entries] = lines.map((line) => JSON.parse(line) as unknown)
  return { head: head as JournalHead, entries: entries as JournalEntry[] }
}

/** Tells a recorder of the attempts that began from `start` on, by `monotonic`. */
export function recordAttempts(
  { entries, head }: Decisions,
  start: number,
  recorder: RunRecorder,
): void {
  const endpoints = new Map<string, Endpoint>()
  for (const entry of entries) {
    if (entry[0] === 'add') {
      const endpoint = new Endpoint(entry[2])
      endpoint.slot = endpoints.size
      endpoints.set(endpoint.id, endpoint)
    } else if (entry[0] === 'acquire') {
      const [, now, , attempt, , chosen] = entry
      if (attempt > 0 && chosen !== null && now + head.origin >= start) recorder.retries++
    } else if (entry[0] === 'release') {
      const [, now, id, latency, outcome] = entry
      if (now - latency + head.origin < start) continue
      recorder.attempt(endpoints.get(id)!, latency, outcome)
    }
  }
}
