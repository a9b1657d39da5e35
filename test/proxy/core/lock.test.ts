import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Memory } from '../../../proxy/core/memory.ts'

afterEach(() => void vi.restoreAllMocks())

function pair(): [Memory, Memory] {
  const buffer = new SharedArrayBuffer(8192)
  const make = (thread: number): Memory => new Memory(4, { buffer, thread, threads: 2 })
  return [make(0), make(1)]
}

describe('a thread that was ended inside, and is called once more on its way out', () => {
  const held = 'this thread holds the lock already, or was ended while it waited for it'

  test('does not wait for itself', () => {
    const [{ lock }, other] = pair()
    lock.enter()
    expect(() => lock.enter()).toThrow(held)
    lock.leave()
    lock.enter()
    expect(other.lock.free(0)).toBe(true)
  })

  test('does not wait again for another', () => {
    const [{ lock }, other] = pair()
    other.lock.enter()
    // What ends a thread cannot be caught in it. This is as much like it as can be.
    vi.spyOn(Atomics, 'wait').mockImplementationOnce(() => {
      throw new Error('ended')
    })
    expect(() => lock.enter()).toThrow('ended')
    expect(() => lock.enter()).toThrow(held)
    other.lock.leave()
    lock.enter() // Free: there is nothing to wait for.
    expect(other.lock.free(0)).toBe(true)
  })

  test('is gone at once, though it had more requests to handle', async () => {
    // Whether Node calls it again is a race, which is lost every second time.
    await expect(Promise.all([1, 2, 3, 4].map(waitAndEnd))).resolves.toHaveLength(4)
  })
})

/** Resolves when a thread is gone that was ended while it waited for the lock, with seven more requests to handle. */
async function waitAndEnd(): Promise<void> {
  const buffer = new SharedArrayBuffer(8192)
  const place = (thread: number) => ({ buffer, thread, threads: 2 })
  new Memory(1, place(0)).lock.enter()
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL('./lock-waiter.ts', import.meta.url), {
    workerData: { gate, place: place(1) },
  })
  const [{ port }] = (await once(worker, 'message')) as [{ port: number }]
  const clients = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await Promise.all(clients.map((client) => once(client, 'connect')))
  worker.postMessage('hold on')
  const write = (client: Socket) =>
    new Promise((written) => client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n', written))
  await Promise.all(clients.map(write))
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  while (Atomics.load(gate, 1) === 0) await new Promise((turn) => setImmediate(turn))
  await worker.terminate()
  for (const client of clients) client.destroy()
}
