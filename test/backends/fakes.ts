import { afterEach, beforeEach } from 'vitest'
import { FakeBackend } from '../../backends/server.ts'
import { readSettings } from '../../backends/settings.ts'
import { ManualTimers } from './manual-timers.ts'

const BASE = { HOST: '127.0.0.1', PORT: '0', MIN_LATENCY: '0', MAX_LATENCY: '0', SEED: '1' }

export let timers: ManualTimers
let fakes: FakeBackend[]

beforeEach(() => {
  timers = new ManualTimers()
  fakes = []
})

afterEach(async () => {
  timers.advance(1e9)
  await Promise.all(fakes.map((fake) => fake.stop()))
})

/** A fake on a free port, whose time stands still until `timers` moves it; it ends with the test. */
export async function start(env: Record<string, string> = {}): Promise<FakeBackend> {
  const fake = new FakeBackend(readSettings({ ...BASE, ...env }), timers)
  await fake.listen()
  fakes.push(fake)
  return fake
}

export async function get(fake: FakeBackend, path: string, init: RequestInit = {}) {
  const response = await fetch(fake.url + path, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

/** Asks until the counts are so: every question is a turn of the fake, so nothing sleeps. */
export async function counts(fake: FakeBackend, wanted: Record<string, number>): Promise<void> {
  for (;;) {
    const { body } = await get(fake, '/_fake')
    const found = JSON.parse(body).counts as Record<string, number>
    if (Object.keys(wanted).every((key) => found[key] === wanted[key])) return
  }
}

export function put(fake: FakeBackend, change: unknown) {
  const body = typeof change === 'string' ? change : JSON.stringify(change)
  return get(fake, '/_fake', { method: 'PUT', body })
}
