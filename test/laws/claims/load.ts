import type { Claim } from '../../../proxy/core/claims.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { calmPlans, type Plan, roughPlans } from '../steps.ts'
import type { Subject } from '../law.ts'
import type { Picked } from '../watched.ts'
import { play, World } from '../world.ts'
import type fc from 'fast-check'

interface PickLaw {
  readonly claim: Claim
  readonly title: string
  readonly why: string
  readonly plans: fc.Arbitrary<Plan>
  /** Throws a `Finding`. */
  readonly referee: (picked: Picked, subject: Subject) => void
}

/** A law about each pick by itself, and the pool as it is at the moment. */
function pickLaw({ claim, plans, referee, title, why }: PickLaw): Law {
  return {
    id: claim,
    title,
    why,
    concerns: ({ claims }) => claims.includes(claim),
    check(subject, trial) {
      examine(trial, plans, (plan, story) => {
        play(subject, plan, { referee: (picked) => referee(picked, subject) }, story)
      })
    },
  }
}

export const least = pickLaw({
  claim: 'least',
  title: 'picks nobody who is busier for his weight than somebody else',
  why: 'Requests wait behind others while somebody has time.',
  plans: roughPlans,
  referee({ eligible, server }) {
    for (const other of eligible) {
      // Cross-multiplied: exact for weights of whole quarters.
      if (server.inflight * other.weight <= other.inflight * server.weight) continue
      found(
        `picked ${server.id} with ${server.inflight} in flight for weight ${server.weight}, ` +
          `while ${other.id} had ${other.inflight} for ${other.weight}`,
      )
    }
  },
})

export const idleFirst = pickLaw({
  claim: 'idle_first',
  title: 'picks somebody idle if somebody is',
  why: 'That is what the list of the idle is for: no request waits while a server does.',
  plans: roughPlans,
  referee({ eligible, server }) {
    const idle = eligible.find((other) => other.inflight === 0)
    if (idle === undefined || server.inflight === 0) return
    found(`picked ${server.id} with ${server.inflight} in flight, while ${idle.id} was idle`)
  },
})

export const inOrder = pickLaw({
  claim: 'in_order',
  title: 'picks the first of the list that has room',
  why: 'The last of the list are to be switched off when they are not needed.',
  // With limits, or nobody would ever be full.
  plans: roughPlans.map(({ servers, steps }) => ({
    servers: servers.map(({ weight }, i) => ({ weight, max: 1 + (i % 3) })),
    steps,
  })),
  referee({ eligible, server }) {
    if (server === eligible[0]) return
    found(`picked ${server.id}, while ${eligible[0].id} came before it and had room`)
  },
})

/** As in HAProxy and the paper's own simulations. */
const CAP = 1.25

export const capped = pickLaw({
  claim: 'capped',
  title: 'gives nobody more than the factor times its share of what is in flight',
  why: 'Off by one, and every server may have a request more than was promised: HAProxy and Envoy differ by that.',
  plans: calmPlans,
  referee({ eligible, server }, { cap = CAP }) {
    const room = roomOf(server, eligible, cap)
    if (server.inflight + 1 <= room) return
    found(
      `picked ${server.id} as its number ${server.inflight + 1}, and of ${loadOf(eligible)} it may have ${room}`,
    )
  },
})

/** Requests in flight, with the one that is being placed. */
function loadOf(eligible: readonly Endpoint[]): number {
  return eligible.reduce((sum, { inflight }) => sum + inflight, 1)
}

/** How many a server may have, with the one that is being placed. */
function roomOf({ weight }: Endpoint, eligible: readonly Endpoint[], cap: number): number {
  const total = eligible.reduce((sum, server) => sum + server.weight, 0)
  return Math.max(1, Math.ceil((cap * loadOf(eligible) * weight) / total - 1e-9))
}

/** Where a key goes when nothing is in flight is its home. */
export const home: Law = {
  id: 'home',
  title: 'sends a key home as long as there is room',
  why: 'A cap is kept by sending keys anywhere, too, and every cache is cold.',
  concerns: ({ claims, factory }) => claims.includes('capped') && factory.keyed === true,
  check(subject, trial) {
    const { cap = CAP } = subject
    examine(trial, calmPlans, ({ servers, steps }, story) => {
      const homes = new Map<number, Endpoint | undefined>()
      let known = false
      const referee = ({ eligible, key, server }: Picked): void => {
        const home = homes.get(key)
        if (!known || home === undefined || server === home || !eligible.includes(home)) return
        const room = roomOf(home, eligible, cap)
        if (home.inflight + 1 > room) return
        const said = `whose home ${home.id} has ${home.inflight} in flight and may have ${room}`
        found(`picked ${server.id} for key ${key}, ${said}`)
      }
      const world = new World(subject, { referee }, story).begin(servers)
      world.quietly('each key comes once, with nothing in flight', () => {
        for (const step of steps) {
          if (step.kind !== 'request') continue
          homes.set(step.key, world.request(step.key))
          world.drain()
        }
      })
      known = true
      world.play(steps)
    })
  },
}
