import { LoadAccount } from '../../../experiments/load/account.ts'
import type { FakeBooks } from '../../../experiments/live/ledger.ts'
import type { Stats } from '../../../proxy/admin/stats.ts'

/** The books of a run in which one request was tried twice and one answered 500. Change them and see what is noticed. */
export function someBooks(): { load: LoadAccount; proxy: Stats; fakes: FakeBooks[] } {
  const load = new LoadAccount()
  load.due = 1000
  for (let i = 0; i < 1000; i++) load.lateness.record(1)
  for (let i = 0; i < 600; i++) load.answer(200, 'b1', 11, 10)
  for (let i = 0; i < 399; i++) load.answer(i < 390 ? 200 : 404, 'b2', 21, 20)
  load.answer(500, 'b2', 21, 20)
  const servers = [
    serverStats('b1', { requests: 600, ok: 600, refused: 1, share: 0.6 }),
    serverStats('b2', { requests: 400, ok: 399, error: 1, share: 0.4 }),
  ]
  const proxy = {
    strategy: 'round_robin',
    promise: 'equal',
    inFlight: 0,
    answers: { '1xx': 0, '2xx': 990, '3xx': 0, '4xx': 9, '5xx': 1, left: 0 },
    retries: { total: 1, byReason: { refused: 1 }, budgetRemaining: 200 },
    servers,
  } as unknown as Stats
  return { load, proxy, fakes: [fakeBooks('b1', 600, 0), fakeBooks('b2', 399, 1)] }
}

type ServerStats = Stats['servers'][number]

function serverStats(
  id: string,
  given: { requests: number; ok: number; error?: number; refused?: number; share: number },
): ServerStats {
  const { requests, ok, error = 0, refused = 0, share } = given
  return {
    id,
    state: 'up',
    total: {
      requests,
      share,
      expectedShare: 0.5,
      attemptsPerSecond: requests / 10,
      attempts: { ok, error, timeout: 0, refused, aborted: 0 },
      latency: { mean: 10, min: 5, p50: 10, p90: 14, p95: 15, p99: 16, p999: 17, max: 40 },
    },
  } as unknown as ServerStats
}

export function fakeBooks(id: string, served: number, failed: number): FakeBooks {
  const arrived = served + failed
  const counts = { arrived, served, failed, refused: 0, abandoned: 0, serving: 0, queued: 0 }
  return { id, starts: 1, counts }
}
