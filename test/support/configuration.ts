import { loadSettings } from '../../proxy/config.ts'
import type { Values } from '../../proxy/config-given.ts'
import { ConfigError } from '../../proxy/errors.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'

/** A file with one server, on one line. */
export const ONE = 'servers: [{ url: http://127.0.0.1:9001 }]\n'

export const NAMES = STRATEGIES.filter((entry) => entry.simulatorOnly !== true)
  .map((entry) => entry.name)
  .join(', ')

/** As if the text were in lb.yaml and the proxy were started with it. */
export function load(text: string, env: Values = {}, flags: Values = {}) {
  return loadSettings({ env, flags: { config: 'lb.yaml', ...flags }, readFile: () => text })
}

/** The lines of the `ConfigError`; none if it all went well. */
export function problems(run: () => unknown): readonly string[] {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
