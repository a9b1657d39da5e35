import type { Claim } from '../../../proxy/core/claims.ts'
import type { SharePromise } from '../../../proxy/core/strategy.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { loadStrategyFile } from '../../../proxy/strategy-file.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import type { Contender } from '../../../simulator/study/contender.ts'
import type { Promised } from './gate.ts'

/** Why the shares in that scenario are nobody's to promise; undefined if they are. */
export function whyNoShares({ events = [], servers }: Scenario): string | undefined {
  if (events.length > 0)
    return 'asks for shares, which change where servers come, go or change: the scenario has events'
  const able = servers.every(
    ({ backup, failure, max }) => !backup && failure === undefined && max === undefined,
  )
  return able
    ? undefined
    : 'asks for shares, which are nobody’s to promise where servers fail, are full or stand by'
}

/** What a strategy promises of shares, or in words why nobody can hold it to anything. */
export async function promiseOf(
  contender: Contender,
  { proxies = 1, servers }: Scenario,
): Promise<Promised | string> {
  const { claims, keyed, promise } = await traitsOf(contender)
  if (promise === 'adaptive')
    return `${contender.label} promises no shares${keyed ? ': they are those of the keys' : ': it follows the load'}. Ask for fairness, or for share(…)`
  const weights = servers.flatMap(({ count = 1, weight = 1 }) =>
    Array.from({ length: count }, () => (promise === 'equal' ? 1 : weight)),
  )
  if (weights.filter((weight) => weight > 0).length < 2)
    return `${contender.label} has nothing to share out among fewer than two servers`
  const bound = boundOf(claims, weights)
  // Each balancer keeps the bound for itself.
  return { weights, bound: bound === undefined ? undefined : bound * proxies }
}

interface Traits {
  readonly promise: SharePromise
  readonly claims: readonly Claim[]
  readonly keyed: boolean
}

async function traitsOf(contender: Contender): Promise<Traits> {
  if ('file' in contender) {
    const {
      claims,
      keyed = false,
      promise,
    } = await loadStrategyFile(contender.file, contender.options)
    return { claims, keyed, promise }
  }
  if ('experiment' in contender) return { claims: [], keyed: false, promise: 'adaptive' }
  const { spec } = contender
  const {
    claims,
    keyed = false,
    promise,
  } = findStrategy(typeof spec === 'string' ? spec : spec.name)!
  return { claims, keyed, promise }
}

/**
 * How many picks off its due a server may be in any stretch of them: for turns less than one, so that each has the whole number below or above;
 * for smooth weighted round robin H(n) - 1/n; see test/laws/algorithms.md. By deadlines less than 1 + (n - 2) w / W from the start on, and so
 * twice that between any two moments.
 */
function boundOf(claims: readonly Claim[], weights: readonly number[]): number | undefined {
  const n = weights.length
  if (claims.includes('turn')) return 1 - 1 / n
  if (claims.includes('smooth')) {
    let harmonic = 0
    for (let k = 1; k <= n; k++) harmonic += 1 / k
    return harmonic - 1 / n
  }
  if (!claims.includes('deadlines')) return undefined
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return 2 * (1 + ((n - 2) * Math.max(...weights)) / total)
}
