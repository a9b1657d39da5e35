import { exp } from '../../proxy/core/exponential.ts'
import { meanService, offeredLoad } from '../offered-load.ts'
import type { Scenario } from '../scenario.ts'
import { relaxation } from '../theory/run-length.ts'
import type { Steadiness } from './steadiness.ts'
import { spanOf } from './words.ts'

/** What a mean may be off by without a word. */
const BIAS = 0.1

/**
 * A warning where replications are so short that the mean is of their beginning: intervals do not show it, since all of them begin alike.
 * A server that starts empty comes nearer to its level by e each `relaxation`; so the mean of a span lacks up to relaxation / span of it,
 * times what the warm-up left. That is of servers for themselves: those that share a queue are faster.
 */
export function tooShort(scenario: Scenario, steadiness: Steadiness): string | undefined {
  const load = offeredLoad(scenario)
  if (steadiness !== 'steady' || load === undefined || load >= 1) return undefined
  const { duration, warmup = 0 } = scenario
  const time = relaxation(load) * meanService(scenario)
  if ((time / (duration - warmup)) * exp(-warmup / time) <= BIAS) return undefined
  const long = spanOf(Number((time / BIAS).toPrecision(2)))
  return (
    `${spanOf(duration)} may be too short: at a load of ${load.toFixed(2)} servers that start empty need about ${long} ` +
    `until a mean is right to ${BIAS * 100} %, and no interval shows that. Give a longer --duration`
  )
}
