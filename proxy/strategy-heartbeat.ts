/** Run by strategy-ward.ts on a thread of its own: writes down for the warden, time and again, what the other thread does. */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const cells = workerData as Int32Array
const [WARDEN, EVERY] = [4, 50]

setInterval(() => {
  try {
    const { system, user } = process.cpuUsage()
    const spent = Math.round((system + user) / 1000)
    writeSync(WARDEN, `${Atomics.load(cells, 0)} ${Atomics.load(cells, 1)} ${spent}\n`)
  } catch {
    // It has gone, and all of us go with it.
    process.kill(process.pid, 'SIGKILL')
  }
}, EVERY)
