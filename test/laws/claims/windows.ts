import type { Claim } from '../../../proxy/core/claims.ts'
import type { Subject } from '../law.ts'
import { World } from '../world.ts'
import { eachLead, harmonic, SEQUENCE_RULES, type SequenceRule, within } from './sequences.ts'

/** The claims about picks in a row; a strategy makes one of them at most. */
const IN_A_ROW = ['turn', 'smooth', 'deadlines', 'stride'] as const
export type InARow = (typeof IN_A_ROW)[number]

export function inARow({ claims }: Subject): InARow | undefined {
  return IN_A_ROW.find((claim: Claim) => claims.includes(claim))
}

export function ruleOf(claim: InARow): SequenceRule {
  return SEQUENCE_RULES[claim]!
}

/** All periods that there are, but for static stride, which takes too long for that. */
export function enough(claim: InARow, weights: readonly number[]): number {
  return Math.min(ruleOf(claim).length(weights), 2000)
}

/**
 * What the claim says of picks in a row that do not begin with the strategy. Turns, strides and deadlines have no beginning:
 * whenever one looks, a server waits for at most 1/w. Smooth credits are those that were left: within `smooth` of their due.
 */
export function checkWindow(
  claim: InARow,
  picks: readonly number[],
  weights: readonly number[],
  smooth: number,
): void {
  if (claim !== 'smooth') return ruleOf(claim).check(picks, weights)
  eachLead(picks, weights, (lead, server, t) => within(lead, smooth, smooth, server, t))
}

/** The lead of one moment less that of another: at most 1 - 1/n ahead after up to 1/2 + … + 1/n behind. (algorithms.md, smooth) */
export function smoothWindow(n: number): number {
  return harmonic(n) - 1 / n
}

/** A world that keeps the numbers of the servers that the strategy itself picks. */
export function recorded(
  subject: Subject,
  weights: readonly number[],
  story: string[],
): { readonly world: World; readonly picks: number[] } {
  const picks: number[] = []
  const referee = ({ server }: { server: unknown }): void =>
    void picks.push(world.members.findIndex((member) => member === server))
  const world: World = new World(subject, { referee }, story)
  world.begin(weights.map((weight) => ({ weight, max: Infinity })))
  return { world, picks }
}
