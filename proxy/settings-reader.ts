import { Worker } from 'node:worker_threads'
import type { Configuration } from './config.ts'
import type { Values } from './config-given.ts'
import { ConfigError } from './errors.ts'

/** What the thread says. */
export type Read = { readonly configuration: Configuration } | { readonly problems: string[] }

/**
 * `loadSettings` in a thread of its own, for a proxy at work: a file of a thousand servers takes 44 ms of processor time to read and to judge, and
 * for so long every request would wait. Rejects with a `ConfigError`.
 */
export function readSettings(flags: Values): Promise<Configuration> {
  const worker = new Worker(new URL('./settings-reader-thread.ts', import.meta.url), {
    workerData: flags,
    name: 'evenkeel configuration',
  })
  return new Promise((resolve, reject) => {
    worker.once('message', (read: Read) => {
      if ('configuration' in read) resolve(read.configuration)
      else reject(new ConfigError(read.problems))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the configuration could not be read')))
  })
}
