import blackHole from '../../../experiments/black-hole/scenario.ts'
import garbagePause from '../../../experiments/garbage-pause/scenario.ts'
import heavyTail from '../../../experiments/heavy-tail/scenario.ts'
import hedging from '../../../experiments/hedging/scenario.ts'
import hotKey from '../../../experiments/hot-key/scenario.ts'
import leastTime from '../../../experiments/least-time-starvation/scenario.ts'
import manyBalancers from '../../../experiments/many-balancers/scenario.ts'
import neighbour from '../../../experiments/neighbour-takes-all/scenario.ts'
import retryStorm from '../../../experiments/retry-storm/scenario.ts'
import slowStart from '../../../experiments/slow-start/scenario.ts'
import staleHerd from '../../../experiments/stale-herd/scenario.ts'
import topology from '../../../experiments/topology-change/scenario.ts'
import twoChoices from '../../../experiments/two-choices/scenario.ts'
import unequal from '../../../experiments/unequal-speeds/scenario.ts'
import type { Preset } from './preset.ts'
import { TO_WATCH } from './to-watch.ts'

/** Those of the experiments that suit a screen, as they are run there: large and fast. */
const FROM_EXPERIMENTS: readonly Preset[] = [
  {
    title: 'Black hole',
    watch: 'Ten servers, one of which fails a hundred times as fast as the others answer.',
    scenario: blackHole,
    strategies: ['least_connections', 'round_robin', 'power_of_two'],
  },
  {
    title: 'Two choices',
    watch: 'The supermarket model: a hundred servers at 90 %.',
    scenario: twoChoices,
    strategies: ['random', 'power_of_two', 'power_of_two{choices: 3}', 'least_connections'],
  },
  {
    title: 'Unequal speeds that swap',
    watch: 'Fast and slow servers change places after a minute; weights do not.',
    scenario: unequal,
    strategies: ['weighted_round_robin', 'least_connections', 'power_of_two', 'peak_ewma'],
  },
  {
    title: 'Garbage pause',
    watch: 'One server stands still for two seconds of every thirty.',
    scenario: garbagePause,
    strategies: ['round_robin', 'least_connections', 'power_of_two', 'peak_ewma'],
  },
  {
    title: 'Stale herd',
    watch: 'Ten servers at 80 %, news that are four seconds old.',
    scenario: staleHerd,
    strategies: ['random', 'power_of_two', 'power_of_two{choices: 3}', 'least_connections'],
  },
  {
    title: 'Least-time starvation',
    watch: 'A server stands still once, for three seconds. Who comes back to it?',
    scenario: leastTime,
    strategies: ['peak_ewma', 'least_response_time', 'least_connections'],
  },
  {
    title: 'Many balancers, fast',
    watch: 'Five servers with ten workers each, 70 % busy.',
    scenario: manyBalancers,
    strategies: ['least_connections', 'power_of_two', 'round_robin', 'prequal'],
  },
  {
    title: 'Retry storm, fast',
    watch: 'One server, a surge of one second, three retries.',
    scenario: retryStorm,
    strategies: ['round_robin'],
  },
  {
    title: 'Slow start',
    watch: 'An eleventh server whose first hundred requests take ten times as long.',
    scenario: slowStart,
    strategies: ['weighted_round_robin', 'least_connections', 'power_of_two'],
  },
  {
    title: 'Hot key',
    watch: '30 % of the requests are about one key.',
    scenario: hotKey,
    strategies: ['ring_hash', 'maglev', 'bounded_load', 'rendezvous'],
  },
  {
    title: 'Topology change',
    watch: 'Caches, and a server that comes and goes.',
    scenario: topology,
    strategies: ['ring_hash', 'maglev', 'rendezvous', 'least_connections'],
  },
  {
    title: 'Neighbour takes all',
    watch: 'One of four is taken out: who gets what was its?',
    scenario: neighbour,
    strategies: ['round_robin', 'least_connections', 'power_of_two'],
  },
  {
    title: 'Heavy tail, fast',
    watch: 'Four servers at 70 %: one request in a hundred does a fifth of the work.',
    scenario: heavyTail,
    strategies: ['random', 'round_robin', 'least_connections', 'least_work'],
  },
  {
    title: 'Bad luck',
    watch: 'Servers that are quick but for one request in a hundred.',
    scenario: hedging,
    strategies: ['power_of_two', 'round_robin'],
  },
]

/** In groups, as the picker shows them. */
export const PRESETS = [
  { title: 'To watch', presets: TO_WATCH },
  { title: 'From the experiments', presets: FROM_EXPERIMENTS },
] as const

export function findPreset(name: string): Preset | undefined {
  return PRESETS.flatMap(({ presets }): readonly Preset[] => presets).find(
    ({ scenario }) => scenario.name === name,
  )
}
