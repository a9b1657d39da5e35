import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { once } from '../examine.ts'
import { found } from '../finding.ts'
import type { Law } from '../law.ts'
import { letter, World } from '../world.ts'

const WEIGHTS = [4, 1, 2, 3]
const REQUESTS = 20_000

export const promise: Law = {
  id: 'promise',
  title: 'keeps its promise of shares',
  why: 'It is what the balancer shows beside what each server got. A chi-square test that an honest draw fails once in a million.',
  concerns: ({ factory }) => factory.promise !== 'adaptive',
  check(subject) {
    once((story) => {
      const servers = WEIGHTS.map((weight) => ({ weight, max: Infinity }))
      const world = new World(subject, {}, story).begin(servers)
      story.push(`${REQUESTS} requests, one at a time`)
      world.flood(REQUESTS)
      const counts = world.members.map((server) => world.balancer.picksOf(server))
      const due = subject.factory.promise === 'equal' ? WEIGHTS.map(() => 1) : WEIGHTS
      if (chiSquare(counts, due) <= chiSquareLimit(WEIGHTS.length)) return
      const got = counts.map((count, i) => `${letter(i)} ${count}`).join(', ')
      found(`requests were to be shared as ${due.join(' : ')}, but it was ${got}`)
    })
  },
}
