import { notNegative, positive } from '../statistics/preconditions.ts'

/** What a server can do: so many jobs at a time (`Infinity`: no limit), each at that speed (1: as the work says). */
export interface Capacity {
  readonly workers: number
  readonly speed: number
}

/** Work that arrives a time: arrivals a second times mean work in milliseconds. As many workers of speed 1 would be busy all the time. */
export function offeredWork(rate: number, meanWork: number): number {
  return (notNegative(rate, 'rate') * notNegative(meanWork, 'meanWork')) / 1000
}

/**
 * How busy the servers together would be: from 1 on there is no steady state under any strategy, unless requests are turned away or give up.
 * `offered` as `offeredWork` gives it.
 */
export function pooledLoad(offered: number, servers: readonly Capacity[]): number {
  return notNegative(offered, 'offered') / servers.reduce((sum, each, i) => sum + able(each, i), 0)
}

/**
 * How busy each would be if it got a fixed share of the requests, as under round robin or a hash: from 1 on that server has no steady
 * state, however idle the others are. Shares are of any one unit: weights will do.
 */
export function splitLoads(
  offered: number,
  servers: readonly Capacity[],
  shares: readonly number[],
): number[] {
  notNegative(offered, 'offered')
  if (shares.length !== servers.length) {
    throw new RangeError(
      `shares must be as many as servers, ${servers.length}, got ${shares.length}`,
    )
  }
  const total = shares.reduce((sum, share, i) => sum + notNegative(share, `shares[${i}]`), 0)
  positive(total, 'the sum of shares')
  return servers.map((each, i) => (offered * shares[i]) / total / able(each, i))
}

function able({ workers, speed }: Capacity, i: number): number {
  if (!(workers > 0)) throw new RangeError(`servers[${i}].workers must be above 0, got ${workers}`)
  return workers * positive(speed, `servers[${i}].speed`)
}
