import type { Endpoint } from '../core/endpoint.ts'
import { Inner } from '../core/inner.ts'
import { choice, type OptionProblem, type ValuesOf, whole } from '../core/options.ts'
import type { Outcome } from '../core/recorder.ts'
import { over } from '../core/registry.ts'
import type { Report } from '../core/report.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../core/strategy.ts'
import { agreed, hashedSubset, ringSubset, shuffledSubset } from '../core/subsetting.ts'
import type { Sight } from '../core/sight.ts'

export const APERTURE_OPTIONS = {
  over: over('power_of_two'),
  size: whole(1, 1_000_000, 12, 'how many servers to use'),
  clients: whole(1, 1_000_000, 1, 'how many proxies there are'),
  client: whole(0, 999_999, 0, 'which of them this is, from 0; below `clients`'),
  subset: choice(['ring', 'shuffle', 'hash'], 'ring', 'how the servers are shared out'),
}

/** A proxy that is none of those there are. With other subsets than `ring` nobody has to say how many there are. */
export function checkAperture({
  client,
  clients,
  subset,
}: ValuesOf<typeof APERTURE_OPTIONS>): OptionProblem[] {
  if (client < clients || (clients === 1 && subset !== 'ring')) return []
  const rule = `must be below clients, which is ${clients}`
  return [{ name: 'client', rule, value: client, unknown: false }]
}

/**
 * Uses another strategy, and shows it only some of the servers.
 *
 * A thousand proxies in front of a thousand servers keep a million connections, nearly all of them idle, and each of
 * them sees so little of the traffic that it knows nothing of load. With a few servers each, connections stay few and
 * warm, and what a proxy counts is a good part of what its servers have. The art is to spread the subsets evenly without the
 * proxies talking to each other: three ways of it are in ../core/subsetting.ts.
 *
 * - `ring`: Finagle's deterministic aperture, exactly even; servers at the edges count in part. It takes more servers
 *   than asked for where that is needed to be even: a single proxy takes them all.
 * - `shuffle`: the one of the book "Site Reliability Engineering" (2016), even but for those left over of a round.
 * - `hash`: gRPC's (proposal A68), even on average only.
 *
 * Only `ring` has to know how many proxies there are (`clients`).
 *
 * Strategies see the servers that are eligible, so subsets are taken from these: nobody is left with dead servers only, and when
 * one goes away, under `hash` at most one server changes, under `ring` the edges shift, under `shuffle` most change. A
 * part of a server is a part of its weight: strategies that go by weight keep to it, power of two choices (Finagle's, and
 * the default here) does so only under load. A retry may leave the subset.
 *
 * A pick costs what the strategy inside costs, and so does the memory.
 */
export class Aperture implements Strategy {
  readonly name = 'aperture'
  readonly heard?: (server: Endpoint, report: Report) => void
  private readonly inner: Inner
  private readonly options: ValuesOf<typeof APERTURE_OPTIONS>

  constructor(
    context: StrategyContext,
    options: ValuesOf<typeof APERTURE_OPTIONS>,
    inner: StrategyFactory,
  ) {
    this.options = options
    this.inner = new Inner(context, inner)
    if (this.inner.listens) this.heard = (server, report) => this.inner.heard(server, report)
  }

  update(servers: readonly Endpoint[]): void {
    const order = agreed(servers.map((server) => server.id))
    const sorted = order.map((position) => servers[position])
    const parts = this.parts(sorted)
    // In the order of the whole list, as a strategy without an aperture would see them.
    const seen = order.map((position, i) => ({ position, part: parts[i] }))
    const shown = seen.filter(({ part }) => part > 0).sort((a, b) => a.position - b.position)
    this.inner.show(
      shown.map(({ position }) => servers[position]),
      shown.map(({ position, part }) => servers[position].weight * part),
    )
  }

  pick(key: number, attempt: number): Endpoint {
    return this.inner.pick(key, attempt)
  }

  leavesOut(server: Endpoint): boolean {
    return this.inner.leavesOut(server)
  }

  explain(sight: Sight, key: number, attempt: number): void {
    this.inner.explain(sight, key, attempt)
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.inner.settled(server, latency, outcome)
  }

  private parts(servers: readonly Endpoint[]): Float64Array {
    const { client, clients, size, subset } = this.options
    if (subset === 'ring') return ringSubset(servers.length, client, clients, size)
    if (subset === 'shuffle') return shuffledSubset(servers.length, client, size)
    const ids = servers.map((server) => server.id)
    return hashedSubset(ids, client, size)
  }
}
