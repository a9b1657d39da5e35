import { readOptions } from '../../proxy/core/options.ts'
import { findStrategy } from '../../proxy/strategies/index.ts'
import type { Subject } from './law.ts'
import { subjectOf } from './subject.ts'

/** A strategy with other options than it has by itself. */
interface Variant {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
  /** Why it need not obey a law so, by the law's id: instead of what excuses the strategy as it is by itself. */
  readonly excuses?: Readonly<Record<string, string>>
}

const POINTS = {
  scaling: 'a server’s points depend on its weight alone, or keys would move between others',
}
const LOOSE = { capped: 'loose is one more than the cap, as in Envoy' }
const FEWER_PLACES = { nearly_monotone: 'so small a table moves more: two or three keys in 100' }
const HOT = {
  'empty-slots':
    'what it counts as busy, and how often it asks, is the pool’s and outlives its servers',
}
const CLOCKED = {
  'empty-slots': 'when weights are worked out, and servers asked, is the pool’s and goes on',
}
const SUBSET = {
  renaming: 'who is in the subset goes by name',
  starvation: 'the servers outside of the subset are for other proxies',
  flapping: 'the servers outside of the subset are for other proxies',
  recovery: 'one outside of the subset is for other proxies, well or not',
}
const LIST = { reordering: 'of equals the first in the list has the first turn' }

/** A second proxy of four: it uses three or four of six servers. */
const PART = { size: 3, clients: 4, client: 1 }

const VARIANTS: readonly Variant[] = [
  { name: 'power_of_two', options: { choices: 3 } },
  { name: 'power_of_two', options: { replacement: true } },
  {
    name: 'power_of_two',
    options: { draw: 'weight' },
    excuses: { choices: 'it draws by weight, as in nginx: some are likelier than others' },
  },
  {
    name: 'least_connections',
    options: { ties: 'first' },
    excuses: {
      reordering: 'the order of the list is what decides ties',
      starvation: 'an idle pool gives everything to one server',
      flapping: 'an idle pool gives everything to one server',
      recovery: 'one that is well again waits until those before it are busy',
      ties: 'it does not share them out',
    },
  },
  { name: 'least_connections', options: { ties: 'turn' }, excuses: LIST },
  {
    name: 'edf',
    options: { phase: 'full' },
    excuses: {
      ...LIST,
      'empty-slots': 'deadlines that are equal differ by rounding once virtual time has gone on',
    },
  },
  { name: 'ring_hash', options: { points: 10 }, excuses: POINTS },
  { name: 'maglev', options: { size: 101 }, excuses: FEWER_PLACES },
  { name: 'bounded_load', options: { factor: 2 }, excuses: POINTS },
  { name: 'bounded_load', options: { cap: 'loose' }, excuses: { ...POINTS, ...LOOSE } },
  { name: 'bounded_load', options: { over: 'rendezvous' }, excuses: {} },
  { name: 'bounded_load', options: { over: 'rendezvous', cap: 'loose' }, excuses: LOOSE },
  {
    name: 'join_idle_queue',
    options: { notice: 'reported' },
    excuses: {
      idle_first: 'it knows who is idle when that one has said so, which takes a while',
      'empty-slots': 'the queue goes on where it was when all servers are new',
    },
  },
  { name: 'prequal', options: { pool: 2 }, excuses: HOT },
  { name: 'prequal', options: { pool: 4, remove: 2 }, excuses: HOT },
  { name: 'prequal', options: { hot: 0 }, excuses: HOT },
  { name: 'prequal', options: { hot: 1 }, excuses: HOT },
  { name: 'reported_load', options: { over: 'random' }, excuses: CLOCKED },
  {
    name: 'reported_load',
    options: { over: 'static_stride', unknown: 'median', blackout: 1 },
    excuses: { ...CLOCKED, ...LIST },
  },
  { name: 'aperture', options: PART, excuses: SUBSET },
  {
    name: 'aperture',
    options: { ...PART, subset: 'shuffle' },
    excuses: { ...SUBSET, covers: 'who is left over in a round is used by fewer proxies' },
  },
  {
    name: 'aperture',
    options: { ...PART, subset: 'hash' },
    excuses: { ...SUBSET, covers: 'it is drawn by hash, even on average only' },
  },
  { name: 'aperture', options: { ...PART, size: 1 }, excuses: SUBSET },
  {
    name: 'aperture',
    options: { ...PART, over: 'bounded_load' },
    excuses: { ...SUBSET, ...POINTS },
  },
]

export function variantOf({ excuses = {}, name, options }: Variant): Subject {
  const entry = findStrategy(name)!
  const { problems } = readOptions(entry.options, options)
  if (problems.length > 0) throw new RangeError(`${name}: ${JSON.stringify(problems)}`)
  return { ...subjectOf(entry, options), name: `${name} with ${JSON.stringify(options)}`, excuses }
}

/** What claims are worth, and the laws for all, when strategies are told to be otherwise. */
export const OTHERWISE: readonly Subject[] = VARIANTS.map(variantOf)
