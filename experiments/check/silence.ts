import { getHeapStatistics } from 'node:v8'
import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { type Law, LawBroken } from '../../test/laws/law.ts'

/** So many that the blocks in which the engine counts its heap hardly matter: of up to 2 MiB, a byte a request. */
const COUNT = 1_000_000
/** How long to wait, in milliseconds, for code that is not compiled yet boxes its numbers, and passes. */
const PATIENCE = 5000
const MOST = 3

/**
 * The one law that needs to know the engine: what a pick leaves behind. It is measured, not proved, so it asks for less than
 * nothing at all: a boxed number takes 16 bytes, the smallest object no less.
 */
export const silence: Law = {
  id: 'silence',
  title: 'allocates nothing a pick, and nothing when one is settled',
  why: 'What is allocated has to be collected: at 20,000 requests a second a few objects a pick are pauses that clients notice. (design.md 7)',
  // Older engines do not say.
  concerns: () => Number.isFinite(allocated()),
  check(subject) {
    const balancer = new Balancer({
      clock: new Clock(1),
      rng: new Rng(1),
      strategy: subject.factory,
      // A server of the simulator knows what is in front of it.
      remainingWork: (server) => server.inflight,
    })
    for (let i = 0; i < 16; i++) balancer.add(new Endpoint(`s${i}`, { weight: 1 + (i % 3) }))
    balancer.tick()
    const bytes = leastBytes(balancer)
    if (bytes <= MOST) return
    throw new LawBroken(`a pick and its settling leave ${Math.round(bytes)} bytes behind`, [
      '16 servers with weights from 1 to 3, all of them eligible',
      `${COUNT.toLocaleString('en')} requests, one after the other, each with another key`,
    ])
  },
}

function leastBytes(balancer: Balancer): number {
  let least = Infinity
  let key = 0
  const deadline = performance.now() + PATIENCE
  do {
    const before = allocated()
    for (let i = 0; i < COUNT; i++) {
      key = (key + 0x9e3779b1) | 0
      const server = balancer.acquire(key, 0)!
      balancer.release(server, key & 255, 'ok')
    }
    least = Math.min(least, (allocated() - before) / COUNT)
  } while (least > MOST && performance.now() < deadline)
  return least
}

/** Bytes of all time, so that a collection in between hides nothing. */
function allocated(): number {
  const statistics = getHeapStatistics() as unknown as { total_allocated_bytes?: number }
  return statistics.total_allocated_bytes ?? NaN
}
