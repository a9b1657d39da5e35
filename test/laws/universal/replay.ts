import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import fc from 'fast-check'
import type { Law, Subject } from '../law.ts'
import { type Plan, roughPlans } from '../steps.ts'
import { letter, type Manner, play, World } from '../world.ts'

/** Plays a plan as it is and in another manner, and compares who got the requests. */
export function compare(
  subject: Subject,
  plan: Plan,
  manner: Manner,
  how: string,
  story: string[],
): void {
  const { picks } = play(subject, plan, {}, story)
  const others = play(subject, plan, manner).picks
  const first = picks.findIndex((number, i) => number !== others[i])
  if (first < 0) return
  const [one, other] = [picks[first], others[first]].map((n) => (n < 0 ? 'nobody' : letter(n)))
  found(`request ${first + 1} goes to ${one}, but to ${other} ${how}`)
}

const HINT = 'uses chance or time of its own? Take context.rng and context.clock'

export const replay: Law = {
  id: 'replay',
  title: 'picks the same again for the same seed and the same events',
  why: 'What cannot be repeated cannot be compared, tested or mended.',
  concerns: () => true,
  check(subject, trial) {
    examine(trial, roughPlans, (plan, story) => {
      compare(subject, plan, {}, `when the same happens again; ${HINT}`, story)
    })
  },
}

export const peeking: Law = {
  id: 'peeking',
  title: 'does not change its mind because somebody looks at it',
  why: 'Looking at a load must not age it: a dashboard would change what it shows.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    examine(trial, roughPlans, (plan, story) => {
      compare(subject, plan, { peek: look }, 'when it is looked at between any two events', story)
    })
  },
}

/** Reads whatever there is to read, of servers, balancer and strategy. */
function look({ balancer, clock, members, strategy }: World): unknown {
  const servers = members.map((server: Endpoint) => [
    server.inflight,
    server.state,
    server.usable,
    server.slot < 0 ? 0 : balancer.picksOf(server),
    server.slot < 0 ? 0 : balancer.dueOf(server),
  ])
  return [
    clock.now,
    balancer.eligibleCount,
    balancer.listens,
    servers,
    readAll(strategy),
    within(strategy),
  ]
}

/** `evenkeel check` puts a strategy into another that takes notes: what there is to read is inside. */
function within(strategy: object): unknown {
  const inner: unknown = Reflect.get(strategy, 'inner')
  return typeof inner === 'object' && inner !== null ? readAll(inner) : undefined
}

/** Every property, those that are computed included, and what it turns into for a dashboard. */
function readAll(object: object): unknown {
  const seen: unknown[] = []
  for (let each: object | null = object; each !== null && each !== Object.prototype;) {
    for (const name of Object.getOwnPropertyNames(each)) seen.push(Reflect.get(each, name, object))
    each = Object.getPrototypeOf(each) as object | null
  }
  if ('toJSON' in object && typeof object.toJSON === 'function') seen.push(object.toJSON())
  return seen
}

export const scaling: Law = {
  id: 'scaling',
  title: 'does not change when all weights are scaled',
  why: 'Weights are proportions: 1 and 2 mean the same as 2 and 4.',
  repeats: true,
  concerns: () => true,
  check(subject, trial) {
    // By powers of two: without rounding.
    const examples = fc.tuple(roughPlans, fc.constantFrom(0.125, 2, 1024))
    examine(trial, examples, ([plan, scale], story) => {
      compare(subject, plan, { scale }, `with all weights × ${scale}`, story)
    })
  },
}

export const renaming: Law = {
  id: 'renaming',
  title: 'does not care what servers are called',
  why: 'A name says nothing of what a server can do; who sorts by it loads the first.',
  repeats: true,
  concerns: ({ factory }) => factory.keyed !== true,
  check(subject, trial) {
    const name = (number: number): string => `z${(number * 7) % 11}-${number}`
    examine(trial, roughPlans, (plan, story) => {
      compare(subject, plan, { name }, 'when the servers have other names', story)
    })
  },
}
