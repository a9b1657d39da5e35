import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { strategyOf } from '../../simulator/strategies.ts'
import { type Case, type Experiment, labelOf } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import { fixedRing } from './fixed-ring.ts'
import { modulo } from './modulo.ts'
import { type Moves, moves } from './moves.ts'
import scenario from './scenario.ts'

const cases: readonly Case[] = [
  { strategy: { own: 'modulo', factory: modulo } },
  { strategy: { own: 'fixed_ring', factory: fixedRing } },
  { strategy: 'ring_hash' },
  { strategy: 'rendezvous' },
  { strategy: 'maglev' },
]

function factoryOf({ strategy }: Case): StrategyFactory {
  if (typeof strategy === 'object' && 'factory' in strategy)
    return strategy.factory as StrategyFactory
  return strategyOf(strategy)
}

/** By label; the same whatever the seed. */
const MOVES: Readonly<Record<string, Moves>> = Object.fromEntries(
  cases.map((each) => [labelOf(each), moves(factoryOf(each))]),
)

const moved = (label: string, between: readonly [number, number]): Finding => ({
  says: `${label}: so many keys move when an eleventh server joins`,
  measured: MOVES[label].moved,
  between,
  unit: '%',
})

const experiment: Experiment = {
  question: 'How many keys move when a server joins, and what does that cost?',
  answer(results) {
    const misses = (label: string): string => figure(results.mean('misses', label), '%')
    return (
      `As few as must, an eleventh (ring_hash ${figure(MOVES.ring_hash.moved, '%')}, rendezvous ${figure(MOVES.rendezvous.moved, '%')}, maglev ${figure(MOVES.maglev.moved, '%')}), where the key modulo the number of ` +
      `servers moves ${figure(MOVES.modulo.moved, '%')}; in the two seconds after, ${misses('modulo')} of requests find nothing cached with it and ${misses('ring_hash')} with ring_hash.`
    )
  },
  scenario,
  replications: 5,
  cases,
  measure: ({ simulation }) => ({ misses: storm.get(simulation)! }),
  watch: {
    every: 2000,
    begin({ simulation }) {
      let hits = 0
      let misses = 0
      return () => {
        let hitsNow = 0
        let missesNow = 0
        for (const { cache } of simulation.stations) {
          hitsNow += cache!.hits
          missesNow += cache!.misses
        }
        const missed = (missesNow - misses) / (missesNow - misses + hitsNow - hits)
        hits = hitsNow
        misses = missesNow
        if (simulation.clock.now > 20_000 && !storm.has(simulation)) storm.set(simulation, missed)
        return { missed }
      }
    },
  },
  chart: (results) => ({
    kind: 'lines',
    title:
      'Requests that find nothing cached, over time; a server joins at 20 s and leaves at 40 s',
    x: { label: 'time (s)', from: 10, to: 60 },
    y: { label: 'not cached', percent: true },
    series: results.cases.map(({ label, name }) => ({
      label,
      strategy: name,
      ...(label === 'modulo' && { dash: 1 }),
      points: results.over('missed', label).filter(({ x }) => x > 10),
    })),
    marks: [
      { x: 20, label: 'joins' },
      { x: 40, label: 'leaves' },
    ],
  }),
  findings: (results): Finding[] => [
    moved('modulo', [0.904, 0.914]),
    moved('ring_hash', [0.08, 0.102]),
    moved('rendezvous', [0.088, 0.094]),
    moved('maglev', [0.0909, 0.11]),
    {
      ...moved('fixed_ring', [0.144, 0.184]),
      instead: 'a thousand points: how many move depends on names',
    },
    {
      says: 'fixed_ring: so many of them between servers that were there before',
      measured: MOVES.fixed_ring.among,
      between: [0.042, 0.082],
      unit: '%',
    },
    ...['ring_hash', 'rendezvous'].map((label) => ({
      says: `${label} moves none between servers that were there before`,
      measured: MOVES[label].among,
      between: [0, 0] as const,
      unit: '%',
    })),
    {
      says: 'maglev moves a fraction of a per cent between them',
      measured: MOVES.maglev.among,
      between: [0.0001, 0.01],
      unit: '%',
    },
    {
      says: 'When it has left again, every key is where it was, with all of them',
      measured: Math.max(...Object.values(MOVES).map(({ lost }) => lost)),
      between: [0, 0],
      unit: '%',
    },
    {
      says: 'Right after, modulo misses more than ring_hash',
      measured: results.difference('misses', ['ring_hash'], ['modulo']),
      above: 0.1,
      unit: '%',
    },
  ],
}

/** What was missed in the first look after the newcomer had come. */
const storm = new WeakMap<object, number>()

export default experiment
