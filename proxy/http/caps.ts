import { AddressCounts } from '../core/address-counts.ts'
import { ConnectionCaps } from '../core/connection-caps.ts'
import type { Memory } from '../core/memory.ts'
import type { LimitSettings } from '../settings.ts'
import { limitOfDescriptors } from './descriptors.ts'
import { networkOf } from './peer-address.ts'

/** Descriptors that listeners, logs, pipes of the runtime and checks take. */
const OTHERS = 64

/** So many addresses are kept apart where the connections have no smaller limit. */
const MOST_ADDRESSES = 65_536

/** How many connections clients may have, together and each, over all threads. */
export class Caps {
  readonly total: ConnectionCaps
  readonly perAddress: AddressCounts | undefined

  constructor(total: ConnectionCaps, perAddress: AddressCounts | undefined) {
    this.total = total
    this.perAddress = perAddress
  }

  /** Gives what takes the address' place back, or undefined if it has none left. */
  enterFrom(address: string): (() => void) | undefined {
    const { perAddress } = this
    const network = networkOf(address)
    if (perAddress === undefined || network === undefined) return () => {}
    const place = perAddress.enter(...network)
    return place === undefined ? undefined : () => perAddress.leave(place)
  }

  /** A thread has died. */
  forfeit(thread: number): void {
    this.total.forfeit(thread)
    this.perAddress?.forfeit(thread)
  }
}

/** Every thread has to make them at the same place among all that takes from the memory. */
export function capsOf(
  { connections, connectionsPerAddress: each }: LimitSettings,
  memory: Memory,
): Caps {
  const most = mostConnections(connections)
  const total = new ConnectionCaps(memory, most)
  const room = Math.min(most, MOST_ADDRESSES)
  return new Caps(total, each === undefined ? undefined : new AddressCounts(memory, each, room))
}

/**
 * Where nothing is said, half of what the process may have open: a client's connection may need another one to a server. As with
 * HAProxy's maxconn, which it works out from the same limit.
 */
export function mostConnections(
  setting: LimitSettings['connections'],
  limit = limitOfDescriptors(),
): number {
  if (setting === false) return Infinity
  if (setting !== 'auto') return setting
  return limit === undefined ? Infinity : Math.max(1, Math.floor((limit - OTHERS) / 2))
}
