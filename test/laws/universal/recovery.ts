import fc from 'fast-check'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { keyAt } from '../keys.ts'
import { World } from '../world.ts'

/** What may happen to a server, after which it is as good as any other. */
const MISHAPS = {
  'fails its checks and passes them again': (world: World, victim: Endpoint): void => {
    world.balancer.setHealthy(victim, false)
    traffic(world, 50)
    world.balancer.setHealthy(victim, true)
  },
  'is removed and added again': (world: World, victim: Endpoint): void => {
    world.balancer.remove(victim)
    traffic(world, 50)
    world.balancer.add(victim)
  },
  'is slow for a while': (world: World, victim: Endpoint): void => burst(world, victim, 1000, 'ok'),
  'lets some requests time out': (world: World, victim: Endpoint): void =>
    burst(world, victim, 1000, 'timeout'),
  'answers some requests with errors': (world: World, victim: Endpoint): void =>
    burst(world, victim, 1, 'error'),
  'refuses some connections': (world: World, victim: Endpoint): void =>
    burst(world, victim, 1, 'refused'),
  'is left by some clients': (world: World, victim: Endpoint): void =>
    burst(world, victim, 200, 'aborted'),
} as const

type Mishap = keyof typeof MISHAPS

/** How long to wait for it, in milliseconds, and how long from one request to the next: 12,000 requests in ten minutes. */
const PATIENCE = 600_000
const GAP = 50

export const recovery: Law = {
  id: 'recovery',
  title: 'comes back to a server that is well again',
  why: 'Averages that only new samples change leave a server alone for good after one bad moment: 5 of 1500 requests in Traefik issue 12306.',
  concerns: () => true,
  check(subject, trial) {
    const mishaps = fc.constantFrom(...(Object.keys(MISHAPS) as Mishap[]))
    const examples = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.nat(9), mishaps, fc.nat(30))
    examine(trial, examples, ([n, which, mishap, before], story) => {
      const servers = Array.from({ length: n }, () => ({ weight: 1, max: Infinity }))
      const world = new World(subject, {}, story).begin(servers)
      const victim = world.members[which % n]
      traffic(world, before)
      story.push(`${victim.id} ${mishap}`)
      MISHAPS[mishap](world, victim)
      const line = `ten minutes pass, with a request every ${GAP} ms`
      if (world.quietly(line, () => waitFor(world, victim))) return
      found(`${victim.id} ${mishap}, and is not picked once in ${PATIENCE / GAP} requests after it`)
    })
  },
}

function waitFor(world: World, victim: Endpoint): boolean {
  for (let waited = 0; waited < PATIENCE; waited += GAP) {
    if (one(world) === victim) return true
  }
  return false
}

/** Requests one after the other, each answered soon. */
function traffic(world: World, requests: number): void {
  if (requests === 0) return
  world.quietly(`${requests} requests, one every ${GAP} ms`, () => {
    for (let i = 0; i < requests; i++) one(world)
  })
}

function one(world: World): Endpoint | undefined {
  const server = world.request(keyAt(world.picks.length))
  world.wait(10)
  world.drain(10)
  world.wait(GAP - 10)
  return server
}

/** Three requests at once that one server gets whatever the strategy thinks, being the only one that was not tried. */
function burst(
  world: World,
  victim: Endpoint,
  latency: number,
  outcome: 'ok' | 'timeout' | 'error' | 'refused' | 'aborted',
): void {
  const others = world.members.filter((server) => server !== victim)
  // Once by the strategy's own choice, so that it has begun what it may never see end.
  for (let i = 0; i < 20 && victim.inflight === 0; i++) world.request(keyAt(i))
  for (let i = 0; i < 3; i++) world.request(keyAt(i), 1, others)
  world.wait(latency)
  for (let i = world.open.length - 1; i >= 0; i--) {
    if (world.open[i].server === victim) world.end(i, latency, outcome)
  }
  world.drain(latency)
}
