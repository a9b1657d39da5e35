import { Worker } from 'node:worker_threads'
import { Notes } from './core/watched.ts'
import { DONE } from './strategy-warden.ts'

const HEARTBEAT = new URL('strategy-heartbeat.ts', import.meta.url)

/**
 * For a program that a `Warden` runs: does `work` with what it was given, and ends. Another thread of this process tells the warden all
 * the while what is being done, because this one cannot do so from a loop without an end.
 */
export async function warded(
  work: (data: unknown, notes: Notes, tell: (message: object) => void) => Promise<void>,
): Promise<never> {
  const notes = new Notes(new Int32Array(new SharedArrayBuffer(8)))
  const heartbeat = new Worker(HEARTBEAT, { workerData: notes.cells })
  const online = new Promise((resolve) => heartbeat.once('online', resolve))
  const data = await new Promise<unknown>((resolve) =>
    process.once('message', (given) => resolve(given)),
  )
  await online
  // A warden that is no more must not leave us behind.
  process.on('disconnect', () => process.exit(1))
  await work(data, notes, (message) => void process.send!(message))
  // What was left to be thrown later, as by a promise that nobody waits for, has its turn before all is well.
  await new Promise((turn) => setImmediate(turn))
  await new Promise((sent) => process.send!(DONE, sent))
  // Timers that somebody may have started are not waited for.
  process.exit(0)
}
