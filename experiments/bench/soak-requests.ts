import { setTimeout as delay } from 'node:timers/promises'
import { residentNow } from './process-cost.ts'
import type { Seen } from './request-counter.ts'
import type { Stage } from './stage.ts'
import { slope, spread } from './statistics.ts'
import { ask, assertServed, type Target } from './turn.ts'

/** Resident bytes of the proxy's process after so many requests. */
export interface Sample {
  requests: number
  resident: number
}

export interface Soak {
  requests: number
  seconds: number
  samples: Sample[]
}

/** What the samples say: bytes after warm-up, bytes at the end, and bytes gained per 100,000 requests between. */
export interface Verdict {
  warm: number
  end: number
  growth: number
  per100k: number
}

const PATIENCE = 4 * 3600
const SAMPLE_EVERY = 1000

/** Sends so many small requests and watches the proxy's memory. */
export async function soak(
  stage: Stage,
  { port, pid }: Required<Target>,
  { requests, connections }: { requests: number; connections: number },
): Promise<Soak> {
  const { client, backend } = stage
  await ask(client, { type: 'connect', port, connections }, 20)
  const before = await backend.ask<Seen>('seen', 20)
  const run = ask(client, { type: 'run', seconds: PATIENCE, requests }, PATIENCE)
  const samples: Sample[] = [{ requests: 0, resident: residentNow(pid).now }]
  for (;;) {
    const finished = await Promise.race([run, delay(SAMPLE_EVERY, undefined)])
    const seen = await backend.ask<Seen>('seen', 20)
    samples.push({ requests: seen.requests - before.requests, resident: residentNow(pid).now })
    if (finished !== undefined) break
  }
  const { answered, seconds } = await run
  await ask(client, { type: 'close' }, 20)
  assertServed(answered, samples[samples.length - 1].requests)
  return { requests: answered, seconds, samples }
}

/**
 * The first fifth is warm-up: code is compiled, the heap finds its size. The median of the next tenth is then compared with
 * that of the last, since between two collections a heap goes up and down. Undefined for too few samples to say.
 */
export function judge(samples: readonly Sample[], requests: number): Verdict | undefined {
  const within = (from: number, to: number): Sample[] =>
    samples.filter(
      (sample) => sample.requests >= requests * from && sample.requests <= requests * to,
    )
  const middle = (some: Sample[]): number | undefined =>
    spread(some.map(({ resident }) => resident))?.median
  const warm = middle(within(0.2, 0.3))
  const end = middle(within(0.9, 1))
  if (warm === undefined || end === undefined) return undefined
  const points = within(0.2, 1).map(({ requests, resident }) => [requests / 1e5, resident] as const)
  return { warm, end, growth: end - warm, per100k: slope(points) }
}
