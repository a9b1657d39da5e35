import type { PolicySpec } from '../../simulator/policy.ts'
import type { Scenario, ServerSpec } from '../../simulator/scenario.ts'
import { proxySeedOf } from './proxy-seed.ts'

/** By what requests say their key. */
export const KEY_HEADER = 'x-key'

/** Longer than any run, where a scenario sets no time. */
const NEVER = '60m'
/** Retries a second where there is no budget: as the simulator has it. */
const UNLIMITED = 1e9

export interface ServerAt {
  readonly id: string
  readonly url: string
}

/** The configuration of the real proxy in front of a scenario's servers. */
export function configurationOf(
  scenario: Scenario,
  servers: readonly (ServerAt & { readonly spec: ServerSpec })[],
): Record<string, unknown> {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    strategy: beforehand(scenario),
    servers: servers.map(({ id, spec, url }) => arrivalOf(id, url, spec)),
    ...policyOf(scenario.policy),
    affinity: { header: KEY_HEADER },
    limits: { connections: false },
    accessLog: false,
    explain: false,
    admin: { host: '127.0.0.1', port: 0 },
    workers: 1,
    seed: proxySeedOf(scenario.seed),
  }
}

export function arrivalOf(id: string, url: string, spec: ServerSpec): Record<string, unknown> {
  const { backup = false, max, weight = 1 } = spec
  return { id, url, weight, backup, ...(max !== undefined && max < Infinity && { max }) }
}

/** Another one than the scenario's, for what comes before it: so the scenario's begins anew when it begins. */
function beforehand({ strategy }: Scenario): string {
  return strategy === 'round_robin' ? 'random' : 'round_robin'
}

/** A scenario's policy in the words of the proxy: what it leaves out is off, while in a configuration it would be as usual. */
function policyOf(policy: PolicySpec = {}): Record<string, unknown> {
  const { checks, ejection, hedging, panic, queue, retries, slowStart } = policy
  const { attempts = 0, budget, minPerSecond } = retries ?? {}
  return {
    timeouts: { response: time(policy.timeout), total: time(policy.total), idleBody: NEVER },
    retries: {
      attempts,
      budget: budget ?? 1,
      minPerSecond: minPerSecond ?? (budget === undefined ? UNLIMITED : 0),
    },
    ejection: ejection
      ? { ...ejection, base: time(ejection.base), max: time(ejection.max) }
      : false,
    panic: panic ?? false,
    slowStart: slowStart ? { ...slowStart, duration: time(slowStart.duration) } : false,
    health: checks
      ? { ...checks, interval: time(checks.interval), timeout: time(checks.timeout) }
      : false,
    queue: queue ? { ...queue, timeout: time(queue.timeout) } : false,
    hedging: hedging && 'delay' in hedging ? { delay: time(hedging.delay) } : (hedging ?? false),
    stickiness: policy.sticky === true ? { header: KEY_HEADER } : false,
  }
}

function time(milliseconds: number | undefined): string {
  return milliseconds === undefined || milliseconds === Infinity ? NEVER : `${milliseconds}ms`
}
