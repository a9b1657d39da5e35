import { count, milliseconds, percent, plural } from '../../simulator/format.ts'
import type { Estimate, EstimatedServer } from '../../simulator/infer/estimate.ts'
import type { ReadLog } from './read-book.ts'

/** What a plan rests on, in sentences. */
export interface Knowledge {
  readonly known: readonly string[]
  readonly estimated: readonly string[]
  readonly unknown: readonly string[]
}

/** Below that the next best explanation is as good. */
const SURE = 3

export function knowledgeOf(
  { bad, book, format }: ReadLog,
  found: Estimate,
  configured: boolean,
  notes: readonly string[],
): Knowledge {
  const { manners, servers } = found
  const told = book.tries.count > 0
  const failing = servers.filter((each) => each.failure !== undefined)
  const outages = servers.flatMap(({ id, outages }) => outages.map((each) => ({ id, ...each })))
  const aborted = book.outcome.filter((each) => each === ABORTED).length
  return {
    known: [
      `when requests came${book.grain > 0 ? `, to ${book.grain} ms` : ''}${book.keys === undefined ? '' : ', and their keys'}`,
      ...(told ? ['every try: which server, how long, how it ended'] : []),
      ...(configured ? ['strategy, weights, limits and retries, by the configuration'] : []),
      ...outages.map(
        ({ id, refused }) =>
          `${id} refused ${plural(refused, 'try', 'tries')} in a row: it does in the copy, too`,
      ),
    ],
    estimated: told
      ? [
          mannerWords(found),
          found.alike ? 'servers equally fast, as far as can be told' : 'how fast each server is',
          ...(failing.length > 0 ? [`errors of ${failing.map(errorWords).join(', ')}`] : []),
          ...(found.beside >= 0.05
            ? [`${milliseconds(found.beside)} ms of each request beside its server: the median`]
            : []),
        ]
      : [
          'nothing: the log does not say who served, so servers are taken as alike, and all the time that a request took as its work',
        ],
    unknown: [
      ...notes,
      ...(bad > 0 ? [`${plural(bad, 'line')} that could not be read`] : []),
      ...(manners.discipline === 'infinite' && told
        ? [
            'when servers would begin to queue: in this log they never did, so what more load does to them is not in these figures',
          ]
        : []),
      ...(manners.margin < SURE && manners.discipline !== 'infinite'
        ? [`whether servers do not rather work as ${DISCIPLINES[manners.next]}: that fits as well`]
        : []),
      ...(configured
        ? []
        : ['weights, limits and retries: taken as the proxy has them by itself (--config says)']),
      ...(aborted > 0
        ? [
            `what ${plural(aborted, 'client')} would have done that went away: in the copy they wait`,
          ]
        : []),
      'other traffic at the servers, and whether clients would have come again after an error',
      ...(format !== 'evenkeel' && told ? ['tries before the last, where a log has only one'] : []),
    ],
  }
}

const ABORTED = 4

const DISCIPLINES = {
  fifo: 'first come first served',
  sharing: 'all at once, sharing the workers',
  infinite: 'nobody waits',
} as const

function mannerWords({ manners, servers }: Estimate): string {
  if (manners.discipline === 'infinite') {
    const most = Math.max(...servers.map((each) => each.mostInHand))
    return `servers as if nobody waited: how long requests took did not depend on how many there were (at most ${count(most)})`
  }
  const words = servers.map(workersOf)
  const same = words.every((each) => each === words[0])
  const those = same
    ? `each ${words[0]}`
    : servers.map(({ id }, i) => `${id} ${words[i]}`).join(', ')
  return `servers ${DISCIPLINES[manners.discipline]}: ${those}`
}

/** `4 workers`, `4 workers (3 to 5)`. */
export function workersOf({ assumed, least, most, workers }: EstimatedServer): string {
  if (workers === Infinity) return 'no limit seen'
  const range = least === most ? '' : ` (${least} to ${most === Infinity ? 'any' : most})`
  return `${plural(workers, 'worker')}${assumed ? ' like the others' : range}`
}

function errorWords({ failure, id }: EstimatedServer): string {
  return `${id} ${percent(failure!.rate)}`
}
