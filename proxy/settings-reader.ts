import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Configuration } from './config.ts'
import type { Values } from './config-given.ts'
import { ConfigError } from './errors.ts'

/** What the thread says. */
export type Read = { readonly configuration: Configuration } | { readonly problems: string[] }

/** How long the thread is kept for the next time, in milliseconds: to load what it needs takes 250 ms of processor time. */
const KEPT = 10_000

/** Threads that are at it. */
let busy = 0
let spare: Worker | undefined
let ending: NodeJS.Timeout | undefined

/**
 * `loadSettings` in a thread of its own, for a proxy at work: a file of a thousand servers takes 44 ms of processor time to read and to judge, and
 * for so long every request would wait. Rejects with a `ConfigError`.
 */
export async function readSettings(flags: Values): Promise<Configuration> {
  const worker = spare ?? begin()
  spare = undefined // Until it is back, nobody else has it.
  clearTimeout(ending)
  worker.ref()
  busy++
  const gone = new AbortController()
  const exit = once(worker, 'exit', gone).then(() => {
    throw new Error('the configuration could not be read')
  })
  exit.catch(() => {})
  try {
    worker.postMessage(flags)
    const [read] = (await Promise.race([once(worker, 'message'), exit])) as [Read]
    keep(worker)
    if ('problems' in read) throw new ConfigError(read.problems)
    return read.configuration
  } finally {
    busy--
    gone.abort()
  }
}

/** A file is being read: Node would wait for its thread at the end of the process, and a disk that does not answer keeps that for good. */
export function isReading(): boolean {
  return busy > 0
}

function begin(): Worker {
  const file = new URL('./settings-reader-thread.ts', import.meta.url)
  return new Worker(file, { name: 'evenkeel configuration' })
}

/** It keeps nobody from ending. */
function keep(worker: Worker): void {
  worker.unref()
  if (spare !== undefined) return void worker.terminate()
  spare = worker
  ending = setTimeout(() => {
    spare = undefined
    void worker.terminate()
  }, KEPT).unref()
}
