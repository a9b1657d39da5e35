/**
 * What a strategy claims to obey beyond what every strategy must, by the claim's name, as lists and `--help` show it. The laws in test/laws
 * hold it to its claims; see algorithms.md there for the proofs of the bounds.
 */
export const CLAIM_MEANINGS = {
  /** As round robin. */
  turn: 'any k picks in a row over k servers reach each of them once',
  /** As smooth weighted round robin. */
  smooth: 'never more than 1 - 1/n picks ahead of its due, nor 1/2 + … + 1/n behind',
  /** As earliest deadline first; see edf.ts for the proof. */
  deadlines: 'less than 1 + (n-2)·w/W picks away from its due',
  /** As static stride. */
  stride: 'exact over whole generations of picks',
  /** As random. */
  independent: 'each pick is drawn anew, in exact proportion to weight',
  /** As least connections. */
  least: 'nobody is less busy for its weight than the one picked',
  /** As the oracle of the simulator. */
  least_work: 'nobody has less work in front of it for its weight than the one picked',
  /** As power of d choices. */
  choices: 'the least busy of a few drawn at random, the same for everybody',
  /** As ring and rendezvous hashing. */
  monotone: 'a server that leaves moves its keys only, one that comes moves keys only to it',
  /** As Maglev. */
  nearly_monotone: 'likewise, but for a few keys',
  /** As rendezvous and Maglev. */
  by_weight: 'keys are shared out in proportion to weight, as exactly as dice would',
  /** As bounded loads. */
  capped: 'nobody gets more than its cap, and keys stay at home if there is room',
  /** As join idle queue. */
  idle_first: 'if somebody is idle, somebody idle is picked',
  /** As first. */
  in_order: 'the first of the list that has room',
  /** As peak EWMA and least response time. */
  forgives: 'a server that was slow once and is idle since is tried again',
} as const

export type Claim = keyof typeof CLAIM_MEANINGS

export const CLAIMS = Object.keys(CLAIM_MEANINGS) as readonly Claim[]
