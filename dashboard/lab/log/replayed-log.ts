import type { Replay } from '../../../simulator/study/replay.ts'
import type { Trace } from '../../../simulator/trace/collector.ts'
import type { InspectionFigures } from '../../../simulator/trace/inspection.ts'

/** A log that was dropped on the page: what it is, and what of it is replayed. */
export interface ReplayedLog {
  readonly figures: InspectionFigures
  readonly replay: Replay
}

/** What the page gives the worker of logs. */
export interface ToLog {
  readonly file: File
}

/** How far it is, as a share; what is in it; or why it is none, in words. */
export type FromLog =
  | { readonly kind: 'progress'; readonly share: number }
  | {
      readonly kind: 'read'
      readonly figures: InspectionFigures
      readonly trace: Trace
      readonly sha256: string
    }
  | { readonly kind: 'fault'; readonly message: string }
