import { expect, test } from 'vitest'
import { replayDecisions } from '../../../experiments/twin/replay.ts'
import { STRATEGIES } from '../../../experiments/twin/scenarios.ts'
import { runLive } from '../../../experiments/world/live-run.ts'
import type { JournalEntry } from '../../../proxy/core/journal.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

/** How long each strategy is in office. */
const TERM = 400

/** All strategies one after another; retries, ejection, hedges, limits and what operators do are in it as well. */
const scenario: Scenario = {
  name: 'decisions',
  seed: 7,
  duration: TERM * STRATEGIES.length,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 15 },
  keys: { type: 'zipf', count: 50, exponent: 1 },
  servers: [
    { count: 3, weight: 2 },
    { id: 'ill', failure: { rate: 0.5, after: 1, status: 503 } },
    { id: 'small', max: 2 },
  ],
  strategy: STRATEGIES[0],
  policy: {
    ejection: { consecutive: 3, base: 200, max: 1000, share: 0.5 },
    hedging: { delay: 40 },
    retries: { attempts: 1 },
  },
  events: [
    ...STRATEGIES.slice(1).map((strategy, i) => ({ at: TERM * (i + 1), strategy })),
    { at: 300, server: 's1', operator: { weight: 1 } },
    { at: 500, server: 's2', outage: 'refuse' },
    { at: 700, server: 's1', operator: { admin: 'drain' } },
    { at: 900, server: 's2', outage: false },
    { at: 1000, server: 's1', operator: { admin: 'ready', max: 5 } },
    { at: 1100, push: true },
  ],
}

test('what a real proxy decided, the simulator decides that is told the same: for each strategy, at every step', async () => {
  const { decisions, failures } = await runLive(scenario)
  expect(failures).toEqual([])
  const replayed = replayDecisions(scenario, decisions)
  expect(replayed.difference).toBeUndefined()
  const { entries, head } = decisions
  const terms = termsOf(entries)
  // About a hundred each; on a machine without a moment to spare operators come late, and a term is short.
  for (const strategy of STRATEGIES) expect(terms.get(strategy)).toBeGreaterThan(0)
  const verbs = new Set(entries.map(([verb]) => verb))
  for (const verb of ['weight', 'max', 'admin', 'others', 'tick'] as const)
    expect(verbs).toContain(verb)

  // A replay that saw no difference whatever the journal says would prove nothing.
  const at = entries.findIndex((entry) => entry[0] === 'release')
  const forgotten = entries.filter((_, i) => i !== at)
  const told = replayDecisions(scenario, { head, entries: forgotten })
  expect(told.difference).toMatch(/^entry \d+, acquire: .* here, and were /)
  const withOtherDice = replayDecisions({ ...scenario, seed: 8 }, decisions)
  expect(withOtherDice.difference).toMatch(/^entry \d+, acquire: chooses \w+, and chose \w+$/)
}, 60_000)

/** How many servers each strategy chose. */
function termsOf(entries: readonly JournalEntry[]): Map<string, number> {
  const terms = new Map<string, number>()
  let strategy = ''
  for (const entry of entries) {
    if (entry[0] === 'strategy') strategy = entry[2]
    if (entry[0] === 'acquire') terms.set(strategy, (terms.get(strategy) ?? 0) + 1)
  }
  return terms
}
