import { show } from '../../../proxy/core/problems.ts'
import type { Figure } from '../../thresholds/figures.ts'
import { readThreshold, type Threshold, ThresholdError } from '../../thresholds/threshold.ts'
import type { Tell } from './gate.ts'

/** Those of one scenario; what is wrong goes to `problems`. `whyNot`: why there is no such figure there; undefined if there is. */
export function thresholdsOf(
  given: readonly unknown[],
  whyNot: (figure: Figure) => string | undefined,
  tell: Tell,
  problems: string[],
): Threshold[] {
  return given.flatMap((text, i): Threshold[] => {
    try {
      if (typeof text !== 'string')
        throw new ThresholdError(`must be a threshold like "p99 < 250ms", got ${show(text)}`, 0)
      const threshold = readThreshold(text)
      const fault = whyNot(threshold.figure)
      if (fault !== undefined) throw new ThresholdError(fault, 0)
      return [threshold]
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error
      problems.push(tell(['thresholds', i], error.reason, error.at))
      return []
    }
  })
}
