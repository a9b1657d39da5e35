import { expect, test } from 'vitest'
import { mergeVitals } from '../../../proxy/admin/vitals.ts'
import { rulesOf } from '../../../proxy/core/rules.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { mergeProbes } from '../../../proxy/health/probes.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { bytesFor, roomFor, SLOTS } from '../../../proxy/threads/shared-memory.ts'
import { testSettings } from '../../support/proxy.ts'

const settings = testSettings({
  servers: [],
  slowStart: { duration: 1000, aggression: 1, floor: 0.1 },
  ejection: { consecutive: 5, base: 10_000, max: 300_000, share: 0.5 },
})

test.each(STRATEGIES.filter((entry) => entry.simulatorOnly !== true))(
  'the memory has room for what each thread makes with $name, and all of them make the same',
  (strategy) => {
    const threads = 3
    const buffer = new SharedArrayBuffer(bytesFor(settings, threads))
    const room = new SharedArrayBuffer(roomFor(strategy, threads))
    const sizes = new Set<number>()
    const balancers = Array.from({ length: threads }, (_, thread) => {
      const memory = new Memory(SLOTS, { buffer, thread, threads })
      const clock = new Clock(5000)
      const rng = new Rng(1)
      const { balancer } = rulesOf(settings, { clock, rng, strategy, room, memory })
      sizes.add(memory.bytes)
      for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id))
      return balancer
    })
    expect(sizes.size).toBe(1)
    for (let i = 0; i < 300; i++) {
      const balancer = balancers[i % threads]
      balancer.setHealthy(balancer.servers[0], i % 50 < 40)
      const server = balancer.acquire(Math.imul(i, 0x9e3779b1), 0)!
      balancer.release(server, 5, 'ok')
      balancer.tick()
    }
    for (const { servers } of balancers) {
      expect(servers.map(({ inflight }) => inflight)).toEqual([0, 0, 0])
    }
  },
)

test('probes of several threads add up, server by server', () => {
  const once = { heard: 1, silent: 0, failed: 2, timeout: 0, skipped: 0 }
  const merged = mergeProbes([{ a: once }, {}, { a: once, b: once }])
  expect(merged).toEqual({ a: { ...once, heard: 2, failed: 4 }, b: once })
  expect(once.heard).toBe(1)
})

test('probes of a server that is called as something every object has add up as well', () => {
  const once = { heard: 1, silent: 0, failed: 0, timeout: 0, skipped: 0 }
  for (const id of ['constructor', '__proto__', 'toString']) {
    const merged = mergeProbes([{ [id]: once }, {}, { [id]: once }])
    expect(Object.entries(merged)).toEqual([[id, { ...once, heard: 2 }]])
  }
})

test('heaps and times of several threads add up, and of their delays the worst counts', () => {
  const one = { heapUsed: 1, active: 2, idle: 3, lagP50: 4, lagP99: 9, lagMax: 10 }
  const other = { heapUsed: 10, active: 20, idle: 30, lagP50: 5, lagP99: 6, lagMax: 7 }
  expect(mergeVitals([one, other])).toEqual({
    heapUsed: 11,
    active: 22,
    idle: 33,
    lagP50: 5,
    lagP99: 9,
    lagMax: 10,
  })
})
