import type { Pair } from '../../../experiments/twin/pair.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { type RunResult, resultFrom } from '../../../simulator/result.ts'
import { RunRecorder } from '../../../simulator/run-recorder.ts'

/** A hundred requests that took `scale` to `100 * scale` milliseconds, so many of them at the first of two servers. */
export function run(scale: number, first = 50, failed = 0): RunResult {
  const recorder = new RunRecorder()
  const servers = ['a', 'b'].map((id, slot) => Object.assign(new Endpoint(id), { slot }))
  for (let i = 1; i <= 100; i++) {
    const outcome = i <= 100 - failed ? 'ok' : 'error'
    recorder.request(i * scale, 1, outcome)
    recorder.attempt(servers[i <= first ? 0 : 1], i * scale, outcome)
  }
  const station = { workers: 1, span: 1, weight: 1, busy: 1, present: 1, mostInHand: 1 }
  const counts = { arrived: 50, served: 50, failed: 0, refused: 0, abandoned: 0, unreachable: 0 }
  const stations = servers.map(({ id }) => ({ id, ...station, ...counts }))
  const whole = { strategy: 'random', seed: 1, span: 1000, generated: 100, underWay: 0 }
  return resultFrom({ ...whole, recorder, stations })
}

const lag = { p50: 0, p99: 0, max: 0 }
export const way = { mean: 0.5, p50: 0.5, p99: 1 }

export function pair(measured: RunResult, predicted: RunResult[], more: Partial<Pair> = {}): Pair {
  const lags = { generator: lag, proxy: lag, servers: lag }
  const whole = { seed: 1, ways: way, lateness: 0, lags, disturbed: [], bare: run(0.5) }
  return { ...whole, measured, predicted, ...more }
}
