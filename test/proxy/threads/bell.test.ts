import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { answerBell } from '../../../proxy/threads/bell.ts'

const RING = `const bells = require('node:worker_threads').workerData
Atomics.add(bells, 1, 1)
Atomics.notify(bells, 1)`

test('a bell is answered whenever another thread rings it, and also if it is rung during the answer', async () => {
  const bells = new Int32Array(new SharedArrayBuffer(8))
  let answers = 0
  let answered = Promise.withResolvers<void>()
  answerBell(bells, 1, () => {
    if (++answers === 2) {
      Atomics.add(bells, 1, 1)
      Atomics.notify(bells, 1)
      return
    }
    answered.resolve()
  })
  for (const expected of [1, 3]) {
    const worker = new Worker(RING, { eval: true, workerData: bells })
    await Promise.all([answered.promise, once(worker, 'exit')])
    expect(answers).toBe(expected)
    answered = Promise.withResolvers<void>()
  }
})
