import type { Claim } from '../../../proxy/core/claims.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { SharePromise, Strategy, StrategyContext } from '../../../proxy/core/strategy.ts'
import type { Draws, Fleet, Subject } from '../law.ts'

/** A strategy with a bug that somebody really had, and the law that is meant to catch it. */
export interface Mutant extends Subject {
  readonly caughtBy: string
}

/** What most of them have in common: nothing is wrong with it yet. */
export abstract class Broken implements Strategy {
  readonly name = 'broken'
  protected readonly context: StrategyContext
  protected servers: readonly Endpoint[] = []

  constructor(context: StrategyContext) {
    this.context = context
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  abstract pick(key: number, attempt: number): Endpoint

  settled(_server: Endpoint, _latency: number, _outcome: string): void {}
}

interface Description {
  readonly name: string
  readonly caughtBy: string
  readonly claims?: readonly Claim[]
  readonly promise?: SharePromise
  readonly keyed?: boolean
  readonly draws?: Draws
  readonly fleet?: Fleet
}

export function mutant(
  { caughtBy, claims = [], draws, fleet, keyed = false, name, promise = 'adaptive' }: Description,
  kind: new (context: StrategyContext) => Strategy,
): Mutant {
  const create = (context: StrategyContext): Strategy => new kind(context)
  const factory = { promise, keyed, create }
  return {
    name,
    caughtBy,
    claims,
    excuses: {},
    factory,
    ...(draws !== undefined && { draws }),
    ...(fleet !== undefined && { fleet }),
  }
}
