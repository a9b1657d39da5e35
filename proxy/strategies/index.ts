import type { StrategyFactory } from '../core/balancer.ts'
import { LeastConnections } from './least-connections.ts'
import { LeastResponseTime } from './least-response-time.ts'
import { PowerOfTwo } from './power-of-two.ts'
import { Random } from './random.ts'
import { RoundRobin } from './round-robin.ts'
import { SmoothWeighted } from './smooth-weighted.ts'

export interface StrategyEntry extends StrategyFactory {
  readonly name: string
  /** Names that other systems use, accepted as well. */
  readonly aliases: readonly string[]
  /** One line for lists and `--help`. */
  readonly summary: string
}

/** Every strategy there is, in the order in which lists show them. */
export const STRATEGIES: readonly StrategyEntry[] = [
  {
    name: 'round_robin',
    aliases: ['rr'],
    summary: 'in turn, whatever weight and load',
    promise: 'equal',
    create: (context) => new RoundRobin(context),
  },
  {
    name: 'weighted_round_robin',
    aliases: ['wrr'],
    summary: 'in turn, in proportion to weight, smoothly',
    promise: 'weight',
    create: (context) => new SmoothWeighted(context),
  },
  {
    name: 'random',
    aliases: [],
    summary: 'drawn at random, in proportion to weight',
    promise: 'weight',
    create: (context) => new Random(context),
  },
  {
    name: 'least_connections',
    aliases: ['leastconn', 'least_conn'],
    summary: 'fewest requests in flight for its weight',
    promise: 'adaptive',
    create: (context) => new LeastConnections(context),
  },
  {
    name: 'least_response_time',
    aliases: ['least_time'],
    summary: 'lowest latency × in flight for its weight, forgetting with time',
    promise: 'adaptive',
    create: (context) => new LeastResponseTime(context),
  },
  {
    name: 'power_of_two',
    aliases: ['p2c'],
    summary: 'the less busy of two drawn at random',
    promise: 'adaptive',
    create: (context) => new PowerOfTwo(context),
  },
]

/** The strategy of that name or alias; undefined if there is none. */
export function findStrategy(name: string): StrategyEntry | undefined {
  return STRATEGIES.find((entry) => entry.name === name || entry.aliases.includes(name))
}
