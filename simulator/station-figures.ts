import type { Station } from './station.ts'

/** What a server knows of its own run, as plain data: one in the real world is in another process. */
export interface StationFigures {
  readonly id: string
  /** Null: endless. */
  readonly workers: number | null
  /** How long it was in the pool while there was something to measure, and its weight, averaged over all of that time. */
  readonly span: number
  readonly weight: number
  /** Worker-milliseconds and request-milliseconds in that time, and the most in hand at a time. */
  readonly busy: number
  readonly present: number
  readonly mostInHand: number
  /** Of the whole run: arrived = served + failed + refused + abandoned + in hand. */
  readonly arrived: number
  readonly served: number
  readonly failed: number
  readonly refused: number
  readonly abandoned: number
  /** Attempts that found nobody there. */
  readonly unreachable: number
}

/** Measured from `start` to `end`. */
export function figuresOf(station: Station, start: number, end: number): StationFigures {
  const { failed, id, membership, model, occupancy, unreachable } = station
  const { workers } = occupancy
  return {
    id,
    workers: workers === Infinity ? null : workers,
    span: membership.spanOf(start, end),
    weight: membership.weightOf(start, end),
    busy: occupancy.busy,
    present: occupancy.present,
    mostInHand: occupancy.most,
    arrived: model.arrived,
    served: model.served - failed,
    failed,
    refused: model.refused,
    abandoned: model.abandoned,
    unreachable,
  }
}
