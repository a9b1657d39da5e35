/** Run by settings-reader.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadSettings } from './config.ts'
import type { Values } from './config-given.ts'
import { ConfigError } from './errors.ts'
import type { Read } from './settings-reader.ts'

function read(): Read {
  try {
    return { configuration: loadSettings({ env: process.env, flags: workerData as Values }) }
  } catch (error) {
    if (error instanceof ConfigError) return { problems: [...error.problems] }
    throw error
  }
}

parentPort!.postMessage(read())
