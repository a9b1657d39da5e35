/**
 * What a strategy claims to obey beyond what every strategy must. The laws in test/laws hold it to its claims; see
 * algorithms.md there for the proofs of the bounds.
 *
 * - `turn`: any k picks in a row over k servers reach each of them once (round robin).
 * - `smooth`: never more than 1 - 1/n picks ahead of its due, nor 1/2 + … + 1/n behind (smooth weighted round robin).
 * - `deadlines`: less than 1 + (n-2)·w/W picks away from its due (earliest deadline first; see edf.ts for the proof).
 * - `stride`: exact over whole generations (static stride).
 * - `independent`: each pick is drawn anew, in exact proportion to weight (random).
 * - `least`: nobody is less busy for its weight than the one picked (least connections).
 * - `choices`: the least busy of a few drawn at random, the same for everybody (power of d choices).
 * - `monotone`: when a server leaves only its keys move, when one comes keys move only to it (ring, rendezvous).
 * - `nearly_monotone`: likewise, but for a few keys (Maglev).
 * - `by_weight`: keys are shared out in proportion to weight, as exactly as dice would (rendezvous, Maglev).
 * - `capped`: nobody is given more than a factor of its share of what is in flight, and a key stays at home if there is room (bounded loads).
 * - `idle_first`: if somebody is idle, somebody idle is picked (join idle queue).
 * - `in_order`: the first of the list that has room (first).
 * - `forgives`: a server that was slow once and is idle since is tried again (peak EWMA, least response time).
 */
export const CLAIMS = [
  'turn',
  'smooth',
  'deadlines',
  'stride',
  'independent',
  'least',
  'choices',
  'monotone',
  'nearly_monotone',
  'by_weight',
  'capped',
  'idle_first',
  'in_order',
  'forgives',
] as const

export type Claim = (typeof CLAIMS)[number]
