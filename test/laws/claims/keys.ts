import fc from 'fast-check'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { keyAt } from '../keys.ts'
import { pool } from '../steps.ts'
import { World } from '../world.ts'

/** So many that a coarse hash shows: where two servers score the same only their order in the list tells them apart. */
const KEYS = 4000

/** Maglev's table has to give every place away again, so that a few keys of others move too: Eisenbud et al., NSDI 2016, 5.3. */
const FEW = 0.02

/** What else can change than the keys of the server that comes or goes: none, or at most so many of all. */
function stable(subject: Subject, trial: Trial, few: number): void {
  const changes = fc.constantFrom('remove', 'fail', 'add', 'weigh')
  const examples = fc.tuple(pool, fc.nat(9), changes, fc.nat(0xffff))
  examine(
    { ...trial, runs: Math.ceil(trial.runs / 2) },
    examples,
    ([servers, which, change, salt], story) => {
      const world = new World(subject, {}, story).begin(servers)
      const victim = world.members[which % servers.length]
      const before = mapping(world, salt)
      if (change === 'add') {
        const newcomer = world.add({ weight: 1, max: Infinity })
        compare(before, mapping(world, salt), newcomer, few, 'to')
        world.balancer.remove(newcomer)
        story.push(`${newcomer.id} is removed`)
      } else if (change === 'weigh') {
        world.balancer.setWeight(victim, victim.weight * 2)
        story.push(`${victim.id} gets weight ${victim.weight}`)
        compare(before, mapping(world, salt), victim, few, 'to')
        world.balancer.setWeight(victim, victim.weight / 2)
        story.push(`${victim.id} gets weight ${victim.weight}`)
      } else {
        story.push(`${victim.id} is gone`)
        if (change === 'fail') world.balancer.setHealthy(victim, false)
        else world.balancer.remove(victim)
        compare(before, mapping(world, salt), victim, few, 'from')
        if (change === 'fail') world.balancer.setHealthy(victim, true)
        else world.balancer.add(victim)
        story.push(`${victim.id} is back`)
      }
      // The same servers, the same mapping: whatever happened in between.
      compare(before, mapping(world, salt), undefined, 0, 'to')
    },
  )
}

/** Which server gets each of some keys, while nothing else is in flight. */
function mapping(world: World, salt: number): (Endpoint | undefined)[] {
  const line = `${KEYS} requests, one at a time, the first with key ${keyAt(salt * KEYS)}`
  return world.quietly(line, () =>
    Array.from({ length: KEYS }, (_, i) => {
      const server = world.balancer.acquire(keyAt(salt * KEYS + i), 0)
      if (server !== undefined) world.balancer.release(server, 10, 'ok')
      return server
    }),
  )
}

/** Keys may move only from, or only to, the server that changed. */
function compare(
  before: readonly (Endpoint | undefined)[],
  after: readonly (Endpoint | undefined)[],
  changed: Endpoint | undefined,
  few: number,
  direction: 'from' | 'to',
): void {
  const moved = before.flatMap((server, i) => {
    const allowed = direction === 'from' ? server === changed : after[i] === changed
    return server === after[i] || (allowed && changed !== undefined) ? [] : [i]
  })
  if (moved.length <= few * before.length) return
  const [i] = moved
  const which =
    changed === undefined ? 'though all is as it was' : `though only ${changed.id} changed`
  found(
    `${moved.length} of ${KEYS} keys moved, the first from ${before[i]?.id} to ${after[i]?.id}, ${which}`,
  )
}

export const monotone: Law = {
  id: 'monotone',
  title: 'moves keys only from a server that leaves and only to one that comes or grows',
  why: 'A key that moves finds a cold cache: Envoy’s ring of fixed size moves 11 % between servers that stay.',
  concerns: ({ claims }) => claims.includes('monotone'),
  check: (subject, trial) => stable(subject, trial, 0),
}

export const nearlyMonotone: Law = {
  id: 'nearly_monotone',
  title: 'moves few keys but those of a server that leaves or comes',
  why: 'Maglev trades a few moved keys for an even table; a few, as its paper says.',
  concerns: ({ claims }) => claims.includes('nearly_monotone'),
  check: (subject, trial) => stable(subject, trial, FEW),
}
