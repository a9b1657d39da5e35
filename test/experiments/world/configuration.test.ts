import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configurationOf } from '../../../experiments/world/configuration.ts'
import { proxySeedOf } from '../../../experiments/world/proxy-seed.ts'
import { loadSettings } from '../../../proxy/config.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Settings } from '../../../proxy/settings.ts'
import type { PolicySpec } from '../../../simulator/policy.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const HOUR = 3_600_000
const scenario: Scenario = {
  name: 'configured',
  seed: 3,
  duration: 1000,
  arrivals: { type: 'poisson', rate: 10 },
  work: { type: 'constant', value: 1 },
  servers: [{ weight: 2, max: 7 }, { backup: true }],
  strategy: 'random',
}

/** What the proxy makes of it. */
function settingsFor(policy?: PolicySpec): Settings {
  const servers = scenario.servers.map((spec, i) => {
    return { id: `s${i + 1}`, url: `http://127.0.0.1:${9001 + i}`, spec }
  })
  const asked = policy === undefined ? scenario : { ...scenario, policy }
  const text = JSON.stringify(configurationOf(asked, servers))
  return loadSettings({ flags: { config: 'proxy.json' }, readFile: () => text }).settings
}

test('what a policy leaves out is off, and not as usual', () => {
  const settings = settingsFor()
  expect(settings).toMatchObject({
    health: false,
    ejection: false,
    slowStart: false,
    queue: false,
    hedging: false,
    stickiness: false,
    panic: 0,
    retries: { attempts: 0 },
    timeouts: { response: HOUR, total: HOUR, idleBody: HOUR },
    affinity: { header: 'x-key' },
    workers: 1,
  })
  const [first, second] = settings.servers
  expect(first).toMatchObject({ id: 's1', weight: 2, max: 7, backup: false })
  expect(second).toMatchObject({ id: 's2', weight: 1, backup: true })
})

const ejection = { consecutive: 4, base: 1500, max: 9000, share: 0.3 }
const slowStart = { duration: 2500, aggression: 2, floor: 0.2 }
const checks = { interval: 700, timeout: 300, fall: 2, rise: 4 }
const queue = { length: 9, timeout: 450 }
const retries = { attempts: 2, budget: 0.1, minPerSecond: 5 }

test.for([
  [{ timeout: 120.5 }, { timeouts: { response: 120.5 } }],
  [{ total: 900 }, { timeouts: { total: 900 } }],
  [{ retries }, { retries }],
  [{ retries: { attempts: 1 } }, { retries: { attempts: 1, budget: 1, minPerSecond: 1e9 } }],
  [{ retries: { attempts: 1, budget: 0.2 } }, { retries: { budget: 0.2, minPerSecond: 0 } }],
  [{ ejection }, { ejection }],
  [{ panic: 0.4 }, { panic: 0.4 }],
  [{ slowStart }, { slowStart }],
  [{ checks }, { health: { ...checks, path: '/health' } }],
  [{ queue }, { queue }],
  [{ hedging: { delay: 33 } }, { hedging: { delay: 33 } }],
  [{ hedging: { quantile: 0.9 } }, { hedging: { quantile: 0.9 } }],
  [{ sticky: true }, { stickiness: { header: 'x-key' } }],
] as const)('%j is %j to the proxy', ([policy, settings]) => {
  expect(settingsFor(policy)).toMatchObject(settings)
})

test("the proxy throws the dice of the simulator's", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
      const real = new Rng(proxySeedOf(seed)).fork('balancer')
      expect(real.seed).toBe(new Rng(seed).fork('proxy 0').seed)
    }),
  )
})
