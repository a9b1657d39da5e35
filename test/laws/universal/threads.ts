import fc from 'fast-check'
import { Memory } from '../../../proxy/core/memory.ts'
import { SEQUENCE_RULES } from '../claims/sequences.ts'
import { examine } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law, Subject, Trial } from '../law.ts'
import { keyAt } from '../keys.ts'
import { letter, World } from '../world.ts'

/** Of what all threads share: enough for any strategy and twelve slots. */
const BYTES = 1 << 22

/** What holds for one thread has to hold for all of them together, as long as its memory comes from `Memory`. */
export const threads: Law = {
  id: 'threads',
  title: 'keeps its promise over all threads that balance together',
  why: 'Each thread by itself starts at its own first server, and sees only its own requests.',
  concerns: ({ claims }) => claims.some((each) => each in SEQUENCE_RULES || each === 'least'),
  check(subject, trial) {
    for (const claim of subject.claims) {
      if (claim === 'least') leastOfAll(subject, trial)
      const rule = SEQUENCE_RULES[claim]
      if (rule === undefined) continue
      const turns = fc.array(fc.boolean(), { minLength: 8, maxLength: 40, size: 'max' })
      const runs = Math.ceil(trial.runs / (4 * (rule.seldom ?? 1)))
      examine({ ...trial, runs }, fc.tuple(rule.weights, turns), ([weights, turns], story) => {
        const picks: number[] = []
        const worlds = together(subject, weights, picks, story)
        const who: number[] = []
        const enough = rule.length(weights)
        for (let i = 0; picks.length < enough; i++) {
          const thread = turns[i % turns.length] ? 1 : 0
          worlds[thread].flood(1)
          who.push(thread + 1)
        }
        const told = picks.slice(0, 60).map((number, i) => `${letter(number)} (${who[i]})`)
        story.push(`picks, and in which thread: ${told.join(' ')} …`)
        rule.check(picks, weights)
      })
    }
  },
}

/** Nobody is busier than the pool allows, with the requests of all threads. */
function leastOfAll(subject: Subject, trial: Trial): void {
  const turns = fc.array(fc.tuple(fc.boolean(), fc.nat(2)), { maxLength: 60, size: 'max' })
  examine(trial, fc.tuple(fc.integer({ min: 2, max: 5 }), turns), ([n, turns], story) => {
    const picks: number[] = []
    const worlds = together(
      subject,
      Array.from({ length: n }, () => 1),
      picks,
      story,
    )
    turns.forEach(([second, end], i) => {
      const world = worlds[second ? 1 : 0]
      const speak = <T>(work: () => T): T => inThread(second ? 2 : 1, world, story, work)
      if (end === 0 && world.open.length > 0) {
        speak(() => world.end(0, 10, 'ok'))
        return
      }
      const [least] = world.members.map((server) => server.inflight).toSorted((a, b) => a - b)
      const server = speak(() => world.request(keyAt(i)))!
      if (server.inflight - 1 <= least) return
      found(
        `${server.id} was picked with ${server.inflight - 1} in flight in all threads, the least has ${least}`,
      )
    })
  })
}

/** What happens in one thread, written into the story of all. */
function inThread<T>(thread: number, world: World, story: string[], work: () => T): T {
  try {
    return work()
  } finally {
    story.push(...world.story.splice(0).map((line) => `thread ${thread}: ${line}`))
  }
}

/** Two worlds over one buffer, which note their picks in one list. Each has a story of its own. */
function together(
  subject: Subject,
  weights: readonly number[],
  picks: number[],
  story: string[],
): [World, World] {
  const buffer = new SharedArrayBuffer(BYTES)
  const make = (thread: number): World => {
    const memory = new Memory(12, { buffer, thread, threads: 2 })
    const world: World = new World(subject, {
      memory,
      referee: ({ server }) => void picks.push(world.members.indexOf(server)),
    })
    return world.begin(weights.map((weight) => ({ weight, max: Infinity })))
  }
  const worlds: [World, World] = [make(0), make(1)]
  const [line] = worlds.map(({ story }) => story.splice(0).join())
  story.push(`two threads balance over ${line}`)
  return worlds
}
