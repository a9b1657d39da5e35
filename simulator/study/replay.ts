import type { DistributionSpec } from '../distributions.ts'

/** Recorded requests that are replayed, for those who want to do it again. */
export interface Replay {
  readonly name: string
  readonly requests: number
  /** Of all that is replayed: times, keys and work, in hex. */
  readonly sha256: string
  readonly speed: number
  readonly spread: boolean
  /** What work is, if it is not of the trace. */
  readonly work: DistributionSpec | undefined
  /** Whether work is the service times as they were recorded, and not made of something else. */
  readonly timed: boolean
  /** What makes the trace other than it looks, in sentences. */
  readonly warnings: readonly string[]
}
