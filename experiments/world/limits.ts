import { findStrategy, type StrategySpec } from '../../proxy/strategies/index.ts'
import type { Scenario } from '../../simulator/scenario.ts'

/** What a scenario asks for that nobody can do with real sockets, or that nobody does: a line each, with its path. */
export function notLive(scenario: Scenario): string[] {
  const { duration, events = [], information, keys, network, notices, policy = {} } = scenario
  const { retries } = policy
  const found: string[] = []
  const no = (path: string, why: string): void => void found.push(`${path}: ${why}`)
  if ((scenario.proxies ?? 1) > 1) no('proxies', 'the live world has one proxy')
  if (information !== undefined) no('information', 'a real proxy knows its own requests in flight')
  if (network !== undefined) no('network', 'a real network takes the time that it takes')
  if (notices === true) no('notices', 'real servers do not tell when they become idle')
  if (scenario.workOf === 'attempt') no('workOf', 'the work travels with the request')
  if (duration === Infinity) no('duration', 'a live run needs an end')
  if (keys?.type === 'hashes' || keys?.type === 'size') {
    no('keys.type', `of ${keys.type} only the hash is known, and a real request has to say its key`)
  }
  if (retries?.afterTimeout === true) no('policy.retries.afterTimeout', 'the proxy never does that')
  if (retries?.afterAnswers === true) no('policy.retries.afterAnswers', 'the proxy never does that')
  if (retries?.backoff !== undefined) no('policy.retries.backoff', 'the proxy never waits')
  scenario.servers.forEach((server, i) => {
    const path = `servers[${i}]`
    if (server.antagonist !== undefined) no(`${path}.antagonist`, 'nobody plays the neighbour')
    if (server.dropsExpired === true) {
      no(`${path}.dropsExpired`, 'a real server sees that its client has gone, and no deadline')
    }
  })
  const ofStrategy = (spec: StrategySpec, path: string): void => {
    const name = typeof spec === 'string' ? spec : spec.name
    if (findStrategy(name)?.simulatorOnly === true) no(path, `${name} knows what nobody can know`)
  }
  ofStrategy(scenario.strategy, 'strategy')
  events.forEach((event, i) => {
    if ('add' in event && event.every !== undefined) {
      no(`events[${i}].every`, 'a server is added once')
    }
    if ('strategy' in event) ofStrategy(event.strategy, `events[${i}].strategy`)
  })
  return found
}
