/** Run by settings-reader.ts. */
import { parentPort } from 'node:worker_threads'
import { loadSettings } from './config.ts'
import type { Values } from './config-given.ts'
import { ConfigError } from './errors.ts'
import type { Read } from './settings-reader.ts'

function read(flags: Values): Read {
  try {
    return { configuration: loadSettings({ env: process.env, flags }) }
  } catch (error) {
    if (error instanceof ConfigError) return { problems: [...error.problems] }
    throw error
  }
}

parentPort!.on('message', (flags: Values) => parentPort!.postMessage(read(flags)))
