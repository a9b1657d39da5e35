import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { isPromise } from '../../proxy/core/promised.ts'
import type { Outcome } from '../../proxy/core/recorder.ts'
import type { Report } from '../../proxy/core/report.ts'
import type { Sight } from '../../proxy/core/sight.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'
import { Untouched } from '../../proxy/core/untouched.ts'
import { TooManyDice } from './enumerated-rng.ts'
import { found } from './finding.ts'

/** A pick, as the strategy saw the pool: the counts of `eligible` do not include the request that is being placed. */
export interface Picked {
  readonly server: Endpoint
  readonly eligible: readonly Endpoint[]
  readonly key: number
  readonly attempt: number
}

/** Looks at every pick when it is made, and throws a `Finding`. */
export type Referee = (picked: Picked) => void

interface Watch {
  readonly referee: Referee
  /** Told of what the factory made. */
  readonly made: (strategy: Strategy) => void
  /** Does not mind when something is changed that is not the strategy's. */
  readonly lax: boolean
}

/** Puts somebody who looks on between a balancer and the strategies that a factory makes. */
export function watch(factory: StrategyFactory, watch: Watch): StrategyFactory {
  const create = (context: StrategyContext): Strategy => {
    const strategy = guard('being made', () => factory.create(context))
    watch.made(strategy)
    return watched(strategy, context, watch)
  }
  return { ...factory, create }
}

function watched(strategy: Strategy, context: StrategyContext, { lax, referee }: Watch): Strategy {
  let given: readonly Endpoint[] = []
  let kept: readonly Endpoint[] = []
  /** Lets the strategy do something, and sees that it leaves alone what is not its own. */
  const handsOff = <T>(doing: string, work: () => T): T => {
    if (lax) return guard(doing, work)
    const before = new Untouched(kept, context.inflights)
    const result = guard(doing, work)
    const changed = kept.findIndex((server, i) => given[i] !== server)
    if (changed >= 0 || given.length !== kept.length)
      found(`the list of servers changed in ${doing}`, 'hands-off')
    const { change } = before
    if (change !== undefined) found(`${change.what} changed${change.how} in ${doing}`, 'hands-off')
    return result
  }
  return {
    name: strategy.name,
    update(servers) {
      given = servers
      kept = servers.slice()
      handsOff('update', () => strategy.update(servers))
    },
    pick(key, attempt) {
      const server = memberOf(
        kept,
        handsOff('pick', () => strategy.pick(key, attempt)),
      )
      referee({ server, eligible: kept, key, attempt })
      return server
    },
    settled(server: Endpoint, latency: number, outcome: Outcome) {
      handsOff('settled', () => strategy.settled(server, latency, outcome))
    },
    ...(strategy.explain !== undefined && {
      explain(sight: Sight, key: number, attempt: number) {
        handsOff('explain', () => strategy.explain!(sight, key, attempt))
      },
    }),
    ...(strategy.heard !== undefined && {
      heard(server: Endpoint, report: Report) {
        handsOff('heard', () => strategy.heard!(server, report))
      },
    }),
  }
}

/** What a pick gave, if it is one of those that there are. */
export function memberOf(servers: readonly Endpoint[], picked: unknown): Endpoint {
  if (servers.includes(picked as Endpoint)) return picked as Endpoint
  return found(`picked ${nameOf(picked)}, which is none of ${idsOf(servers)}`, 'membership')
}

/** What a strategy throws is a finding; what the dice throw that it was given is not its doing. */
export function guard<T>(doing: string, work: () => T): T {
  let given: T
  try {
    given = work()
  } catch (error) {
    if (error instanceof TooManyDice) throw error
    return found(`${doing} threw ${textOf(error)}`, 'totality')
  }
  // What it does later can throw later, where nobody catches it.
  if (given !== undefined && isPromise(given))
    found(`${doing} gave a promise: its work must be done when it comes back`, 'totality')
  return given
}

/** Anything can be thrown, even what cannot be told. */
export function textOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'something that cannot be shown'
  }
}

function nameOf(server: unknown): string {
  const id = (server as Partial<Endpoint> | null | undefined)?.id
  return typeof id === 'string' ? id : textOf(server)
}

function idsOf(servers: readonly Endpoint[]): string {
  return servers.map((server) => server.id).join(', ')
}
