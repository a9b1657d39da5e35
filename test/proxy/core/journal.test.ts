import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { type Journal, type JournalEntry, JournaledBalancer } from '../../../proxy/core/journal.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { rulesOf } from '../../../proxy/core/rules.ts'
import { resolveStrategy } from '../../../proxy/strategies/index.ts'

/** What a balancer chooses, in a story with releases, limits, drains and ticks. */
function storyOf(balancer: Balancer, clock: Clock): (string | undefined)[] {
  const servers = ['a', 'b', 'c'].map((id) => new Endpoint(id, { max: 4 }))
  for (const server of servers) balancer.add(server)
  const dice = new Rng(9)
  const held: Endpoint[] = []
  const chosen: (string | undefined)[] = []
  for (let i = 0; i < 200; i++) {
    clock.now += 1 + dice.int(20)
    const avoid = dice.int(4) === 0 ? [servers[dice.int(3)]] : undefined
    const server = balancer.acquire(dice.bits(), avoid === undefined ? 0 : 1, avoid)
    chosen.push(server?.id)
    if (server !== undefined) held.push(server)
    if (held.length > 6) balancer.release(held.shift()!, dice.int(50), 'ok')
    if (i === 50) balancer.setAdmin(servers[0], 'drain')
    if (i === 60) balancer.setWeight(servers[1], 3)
    if (i === 70) balancer.setAdmin(servers[0], 'ready')
    if (i % 10 === 0) balancer.tick()
  }
  return chosen
}

function balancerWith(clock: Clock, journal?: Journal): Balancer {
  const strategy = resolveStrategy('power_of_two')
  if (!('factory' in strategy)) throw new Error('there is one')
  const options = { clock, rng: new Rng(3), memory: new Memory(), strategy: strategy.factory }
  const retries = { attempts: 1, budget: 1, minPerSecond: 1 }
  return rulesOf({ retries }, { ...options, ...(journal && { journal }) }).balancer
}

test('without a journal the balancer is an ordinary one, which knows nothing of journals', () => {
  expect(balancerWith(new Clock()).constructor).toBe(Balancer)
  expect(balancerWith(new Clock(), { write() {} }).constructor).toBe(JournaledBalancer)
})

test('a journal changes no decision, and has each with its time, its servers and what they had in hand', () => {
  const entries: JournalEntry[] = []
  const [clock, other] = [new Clock(), new Clock()]
  const chosen = storyOf(balancerWith(clock, { write: (entry) => entries.push(entry) }), clock)
  expect(chosen).toEqual(storyOf(balancerWith(other), other))

  const decisions = entries.filter((entry) => entry[0] === 'acquire')
  expect(decisions.map(([, , , , , id]) => id ?? undefined)).toEqual(chosen)
  expect(JSON.parse(JSON.stringify(entries))).toEqual(entries)
  const times = entries.map(([, now]) => now)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const [[, , , , , first, inflights]] = decisions
  const eligible = entries.find((entry) => entry[0] === 'eligible')
  expect(eligible?.[2]).toEqual(['a', 'b', 'c'])
  expect(inflights).toEqual(['a', 'b', 'c'].map((id) => (id === first ? 1 : 0)))
  expect(entries.slice(0, 1)).toEqual([
    ['add', 0, 'a', { weight: 1, max: 4, backup: false, healthy: true, unproven: false }],
  ])
})
