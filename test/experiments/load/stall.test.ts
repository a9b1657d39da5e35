import { afterEach, expect, test } from 'vitest'
import { Crowd } from '../../../experiments/load/crowd.ts'
import { Generator } from '../../../experiments/load/generator.ts'
import { shop } from '../../../experiments/load/shop.ts'
import { VisitSource } from '../../../experiments/load/visit-source.ts'
import { Visits } from '../../../experiments/load/visits.ts'
import { Program } from '../../support/program.ts'

const DURATION = 2000
/** When the server is frozen, and for how long: half the run. */
const FREEZE_AT = 500
const FREEZE = 1000
const RATE = 200

let fake: Program | undefined
afterEach(() => fake?.[Symbol.dispose]())

async function startFake(): Promise<string> {
  fake = new Program('backends/main.ts', [], {
    HOST: '127.0.0.1',
    PORT: '0',
    SERVER_ID: 'b1',
    MIN_LATENCY: '1',
    MAX_LATENCY: '2',
    CONCURRENCY: '1000',
  })
  return fake.listening()
}

/**
 * Stops the process as it stands for so long, and says when that really was. On a busy machine it does not go on at once, so a
 * witness who has nothing to do with the generator asks it something meanwhile, and looks when he is answered.
 */
async function freeze(url: string, began: number): Promise<{ from: number; to: number }> {
  await after(began + FREEZE_AT - performance.now())
  fake!.child.kill('SIGSTOP')
  const from = performance.now() - began
  const witness = fetch(`${url}/health`)
  await after(began + FREEZE_AT + FREEZE - performance.now())
  fake!.child.kill('SIGCONT')
  await witness
  return { from, to: performance.now() - began }
}

function after(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay))
}

/** What the schedule says of the 99th percentile: who is due while the server is frozen waits until it goes on. */
function truth(from: number, to: number): number {
  const waits: number[] = []
  for (let due = 0; due < DURATION; due += 1000 / RATE)
    waits.push(due >= from && due < to ? to - due : 0)
  waits.sort((a, b) => a - b)
  return waits[Math.ceil(0.99 * waits.length) - 1]
}

test.each([
  ['as many connections as it takes', undefined],
  ['sixteen connections, on which all that wait stand in line', 16],
])(
  'a server that is frozen for half the run shows at p99 as it was, over %s',
  async (_, connections) => {
    const url = await startFake()
    const arrivals = { type: 'paced', rate: RATE } as const
    const source = new VisitSource({ behaviour: shop, seed: 1, arrivals })
    const generator = new Generator({ url, source, duration: DURATION, connections })
    const began = performance.now()
    generator.start()
    const { from, to } = await freeze(url, began)
    await generator.finished
    const { account } = generator
    const expected = truth(from, to)
    expect(account).toMatchObject({ due: 400, answered: 400, missing: 0, shed: 0 })
    expect(expected).toBeGreaterThan(900)
    const p99 = account.response.quantile(0.99)
    expect(Math.abs(p99 / expected - 1)).toBeLessThan(0.1)
    // Half of all were due in the stall, and half of those waited for more than half of it.
    const half = account.response.count - account.response.countUpTo((to - from) / 2)
    expect(half / 400).toBeGreaterThan(0.2)
    // Who counts from when a request was sent sees hardly anybody wait on sixteen connections.
    if (connections !== undefined)
      expect(account.service.quantile(0.9)).toBeLessThan(account.response.quantile(0.9) / 2)
  },
)

test('users who wait for their answers send hardly anything into a stall, which is why the open model is the default', async () => {
  const url = await startFake()
  const users = new Visits({
    behaviour: shop,
    count: 4,
    seed: 1,
    think: { type: 'constant', value: 18 },
  })
  const crowd = new Crowd({ url, users, duration: DURATION })
  const began = performance.now()
  crowd.start()
  const { from, to } = await freeze(url, began)
  await crowd.finished
  const { account } = crowd
  // Each of the four meets the stall with one request, however few or many they send otherwise.
  const waited = account.response.count - account.response.countUpTo((to - from) / 2)
  expect(waited).toBeGreaterThan(0)
  // A machine that hangs for as long itself twice makes four more of each; of an open model a hundred wait.
  expect(waited).toBeLessThanOrEqual(12)
  expect(account.answered).toBeGreaterThan(4)
  expect(account.response.max).toBeGreaterThan(900)
})
