import { Balancer } from './core/balancer.ts'
import { Clock } from './core/clock.ts'
import { Endpoint } from './core/endpoint.ts'
import { Rng } from './core/rng.ts'
import { ConfigError } from './errors.ts'
import type { Settings } from './settings.ts'
import { findStrategy } from './strategies/index.ts'

/** Builds what balances, without a socket, to see that it can be built. Throws a `ConfigError`. */
export function check({ strategy: name, servers, seed }: Settings): void {
  const strategy = findStrategy(name)
  if (strategy === undefined) throw new ConfigError([`there is no strategy ${name}`])
  try {
    const balancer = new Balancer({ clock: new Clock(), rng: new Rng(seed ?? 1), strategy })
    for (const { id, weight, backup, max = Infinity } of servers) {
      balancer.add(new Endpoint(id, { weight, backup, max }))
    }
    balancer.tick()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ConfigError([error.message])
  }
}

/** `least_connections over 3 servers` */
export function summary({ strategy, servers }: Settings): string {
  return `${strategy} over ${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`
}
