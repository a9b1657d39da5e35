import { loadSettings } from '../../proxy/config.ts'
import { ConfigError } from '../../proxy/errors.ts'
import type { Settings } from '../../proxy/settings.ts'
import type { ServerFacts } from '../../simulator/infer/rebuild.ts'
import type { PolicySpec } from '../../simulator/policy.ts'
import { WrongInput } from '../sim/wrong-input.ts'

/** What a configuration says that a log does not. */
export interface Facts {
  /** As `contendersOf` takes it. */
  readonly strategy: unknown
  readonly servers: ReadonlyMap<string, ServerFacts>
  readonly policy: PolicySpec
  /** What of it a simulation does not have: a line each. */
  readonly notes: readonly string[]
}

/** Throws `WrongInput` with all that is wrong. */
export function factsOf(file: string): Facts {
  const settings = settingsOf({ flags: { config: file } })
  const { names = [], servers, stickiness, strategy } = settings
  const notes = [
    ...(names.length > 0
      ? ['servers that are names (resolve) have an id for each address: their weights count as 1']
      : []),
    ...(byCookie(stickiness)
      ? [
          'sessions by cookie: the log does not say which cookie, so requests go where the strategy sends them',
        ]
      : []),
  ]
  return {
    strategy:
      typeof strategy !== 'string' && 'file' in strategy
        ? { ...(strategy.options as object), file: strategy.file }
        : strategy,
    servers: new Map(
      servers.map(({ backup, id, max, weight }) => [
        id,
        { weight, backup, ...(max !== undefined && { max }) },
      ]),
    ),
    policy: policyOf(settings),
    notes,
  }
}

/** What the proxy does when nothing says otherwise. */
export function usualPolicy(): PolicySpec {
  return policyOf(settingsOf({ flags: { backendServers: 'http://127.0.0.1:9001' } }))
}

function settingsOf(input: Parameters<typeof loadSettings>[0]): Settings {
  try {
    return loadSettings(input).settings
  } catch (error) {
    if (error instanceof ConfigError) throw new WrongInput(error.message)
    throw error
  }
}

/** The part of the settings that decides, as the simulator has it. */
function policyOf(settings: Settings): PolicySpec {
  const { ejection, health, hedging, panic, queue, retries, servers, slowStart } = settings
  const { stickiness, timeouts } = settings
  const bounded = servers.some(({ max }) => max !== undefined)
  return {
    timeout: timeouts.response,
    total: timeouts.total,
    retries: {
      attempts: retries.attempts,
      budget: retries.budget,
      minPerSecond: retries.minPerSecond,
    },
    panic,
    ...(ejection && { ejection }),
    ...(slowStart && { slowStart }),
    ...(hedging && { hedging }),
    // Nobody waits where no server has a limit.
    ...(queue && bounded && { queue }),
    ...(health && {
      checks: {
        interval: health.interval,
        timeout: health.timeout,
        fall: health.fall,
        rise: health.rise,
      },
    }),
    ...(stickiness !== false && !byCookie(stickiness) && { sticky: true }),
  }
}

function byCookie(stickiness: Settings['stickiness']): boolean {
  return typeof stickiness === 'object' && 'cookie' in stickiness
}
