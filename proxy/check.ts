import { Balancer } from './core/balancer.ts'
import { Clock } from './core/clock.ts'
import { Endpoint } from './core/endpoint.ts'
import { Rng } from './core/rng.ts'
import { ConfigError } from './errors.ts'
import type { Settings } from './settings.ts'
import { type Choice, nameOf, ROUND_ROBIN, suspected } from './strategy-choice.ts'
import { whyNoThreads } from './threads/reuse-port.ts'

/** Builds what balances, without a socket, to see that it can be built. Throws a `ConfigError`. */
export function check({ servers, seed, workers }: Settings, choice: Choice): void {
  const fault = whyNoThreads(workers)
  if (fault !== undefined) throw new ConfigError([fault])
  const faults: string[] = []
  const strategy =
    choice.file === undefined
      ? choice.factory
      : suspected(choice, ROUND_ROBIN.factory, (fault) => faults.push(fault))
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
  if (faults.length > 0) throw new ConfigError(faults)
}

/** `least_connections over 3 servers and those of app.internal` */
export function summary({ names = [], servers, strategy }: Settings): string {
  const { length } = servers
  const found = names.map(({ name }) => name).join(', ')
  const counted = `${length} ${length === 1 ? 'server' : 'servers'}`
  if (names.length === 0) return `${nameOf(strategy)} over ${counted}`
  const listed = length === 0 ? 'the servers' : `${counted} and those`
  return `${nameOf(strategy)} over ${listed} of ${found}`
}
