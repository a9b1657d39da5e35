import { told } from '../figures.ts'
import type { Lesson } from '../lesson.ts'
import { NO_WAIT, weights as scenario } from '../scenarios/weights.ts'

const BLOCKS = [0, 0, 0, 1, 1, 1, 2] as const

export const weights: Lesson = {
  slug: 'weights',
  title: 'Weights and smoothness',
  question: 'If the shares are right, can the order be wrong?',
  minutes: 3,
  opening: (
    <>
      <p>
        Three servers. A and B are three times as fast as C. So they are given <em>weights</em>: 3,
        3 and 1. Of every seven requests, A is due three, B three, and C one.
      </p>
      <p>
        Let us take all chance away. Requests come like clockwork. Each is exactly as much work as
        any other. There is enough of everything: the servers are busy for four fifths of the time.
        If a request has to wait here, then only because of the <em>order</em> in which they are
        dealt.
      </p>
      <p>So deal. Seven requests, then the pattern begins again.</p>
    </>
  ),
  cases: [
    {
      id: 'smooth',
      label: 'smooth weighted round robin',
      does: 'each in its turn, spread as evenly as can be',
      scenario,
      strategy: 'weighted_round_robin',
    },
    { id: 'dice', label: 'dice, by weight', scenario, strategy: 'random' },
    {
      id: 'blocks',
      label: 'in blocks, A A A B B B C',
      // A scenario of its own: an order has a worker of its own.
      scenario: { ...scenario },
      strategy: 'weighted_round_robin',
      order: BLOCKS,
    },
  ],
  measure: {
    title: 'time a request waits, on average',
    unit: 'time',
    of: ({ latency }) => Math.max(0, latency!.mean - NO_WAIT),
  },
  reps: 8,
  ask: {
    kind: 'deal',
    prompt: 'Lay the seven so that nobody waits. The weights are kept whatever you do.',
    start: BLOCKS,
    names: ['A', 'B', 'C'],
    cases: ['smooth', 'blocks', 'dice'],
  },
  show: {
    lanes: [
      { label: 'smooth weighted round robin', scenario, strategy: 'weighted_round_robin' },
      { label: 'dice, by weight', scenario, strategy: 'random' },
    ],
    from: 3000,
    until: 9000,
    pace: 300,
    unit: 40,
    caption: 'Both send A and B three sevenths each, and C one. Watch when.',
  },
  why: ({ blocks, dice, smooth }) => (
    <>
      <p>
        All of these keep the weights. Dealt smoothly, a request waits {told(smooth, 'time')}. In
        blocks, three A in a row and then none for four, it waits {told(blocks, 'time')}: the second
        A comes before the first is done.
      </p>
      <p>
        Dice keep the weights too, in the long run. But a run of five A is nothing special for dice,
        and then A has a queue while B stands idle: {told(dice, 'time')}. A share is a promise about
        a thousand requests. A queue is about the next three.
      </p>
    </>
  ),
  remember: 'Weights say how much; smoothness says when. Right shares in a bad order still wait.',
  source: (
    <>Smooth weighted round robin is Maxim Dounin’s and Igor Sysoev’s, in nginx since May 2012.</>
  ),
  lab: { scenario, strategies: ['weighted_round_robin', 'random', 'least_connections'] },
}
