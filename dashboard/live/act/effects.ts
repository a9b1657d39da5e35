import { Histogram } from '../../../proxy/core/histogram.ts'
import type { ServerSnapshot } from '../../../proxy/core/snapshot.ts'
import { duration, percent, short, tick } from '../../shell/words.ts'

/** What actions will do, in a sentence each: pure, from what is measured just now. */

/**
 * In how many milliseconds the last request in flight will probably have ended: of n requests the longest takes about as long as the quantile
 * n/(n + 1). Undefined where nothing has ended lately.
 */
export function endsIn({ attempts, inflight }: ServerSnapshot): number | undefined {
  if (inflight === 0) return 0
  if (attempts.latency === null) return undefined
  const { buckets, count, max, mean, min } = attempts.latency
  const histogram = new Histogram()
  histogram.addSparse(buckets, mean * count, min, max)
  return histogram.quantile(inflight / (inflight + 1))
}

function rest(server: ServerSnapshot): string {
  const { inflight } = server
  if (inflight === 0) return 'nothing is in flight there'
  const soon = endsIn(server)
  const when =
    soon === undefined ? 'it is not known how soon' : `in about ${duration(soon).join(' ')}`
  return `${inflight} in flight ${inflight === 1 ? 'finishes' : 'finish'}, ${when}`
}

/** Who takes over: what a server gets now goes to the others that can. */
function others(server: ServerSnapshot, all: readonly ServerSnapshot[]): string {
  const able = all.filter(
    ({ id, state }) => id !== server.id && (state === 'up' || state === 'full'),
  )
  const { rate } = server.attempts
  if (able.length === 0) return 'No other server is up: requests will be refused.'
  if (rate === 0) return 'It gets nothing just now.'
  const [one] = able
  return able.length === 1
    ? `Its ${short(rate)} requests a second go to ${one.id}.`
    : `Its ${short(rate)} requests a second go to the other ${able.length} that are up.`
}

export function drainSays(server: ServerSnapshot, all: readonly ServerSnapshot[]): string {
  return `${server.id} gets no new requests; ${rest(server)}. ${others(server, all)}`
}

export function maintSays(server: ServerSnapshot, all: readonly ServerSnapshot[]): string {
  return `${server.id} gets no new requests and counts as down; ${rest(server)}. ${others(server, all)}`
}

export function readySays({ id }: ServerSnapshot): string {
  return `${id} gets requests again, as soon as its checks find it well.`
}

export function removeSays(server: ServerSnapshot, all: readonly ServerSnapshot[]): string {
  return `${server.id} gets no new requests and leaves the pool with its last one; ${rest(server)}. ${others(server, all)}`
}

/** `weights`: of all servers that may get requests, as they are; undefined where what was typed is no weight. */
export function weightSays(
  id: string,
  weight: number | undefined,
  weights: ReadonlyMap<string, number>,
  promise: 'equal' | 'weight' | 'adaptive',
): string {
  if (weight === undefined) return 'A weight is a number from 0 to 1,000,000.'
  if (promise === 'equal') {
    return `${id} has weight ${tick(weight)}. This strategy gives equal shares, whatever the weight: nothing else changes.`
  }
  let all = weight
  for (const [other, each] of weights) if (other !== id) all += each
  if (weight === 0) return `${id} gets no new requests while others can.`
  const due = percent(weight / all)
  return promise === 'weight'
    ? `${id} is due ${due} of the requests from the next one on.`
    : `${id} counts as ${due} of the capacity; this strategy follows the load, so its share may be another.`
}

export function limitSays(id: string, limit: number | null | undefined, inflight: number): string {
  if (limit === undefined) return 'A limit is a whole number from 1 up, or empty for none.'
  if (limit === null) return `${id} may have any number of requests in flight.`
  const now =
    inflight > limit
      ? `It has ${inflight}: it gets no new ones until ${inflight - limit + 1} have ended.`
      : `It has ${inflight} now.`
  return `${id} has at most ${limit} requests in flight; more go elsewhere, or wait. ${now}`
}
