import type { InspectionFigures } from './inspection.ts'

/** What makes a trace other than it looks, in sentences. */
export function warningsOf(figures: Omit<InspectionFigures, 'warnings'>): string[] {
  const { arrivals, backwardSteps, badTimes, bytes, clock, grain, requests, start, work } = figures
  const warnings: string[] = []
  if (requests > 1 && grain === 0) {
    warnings.push(`the clock "${clock}" never changes: every request has the same time`)
  } else if (requests > 1 && grain === 1000 && Number.isInteger(start)) {
    warnings.push(
      `the clock "${clock}" has whole seconds: requests of one second are all at its beginning, which makes bursts that never were; --spread of convert puts them anywhere in it`,
    )
  } else if (requests > 1 && grain % 1000 === 0) {
    warnings.push(
      `the clock "${clock}" goes in steps of ${grain / 1000} s: what came within a step seems to have come at once, which makes bursts that never were`,
    )
  }
  if (badTimes > 0) {
    warnings.push(`${badTimes} ${badTimes === 1 ? 'time is' : 'times are'} no number or below 0`)
  }
  if (backwardSteps > 0) {
    warnings.push(
      `${backwardSteps} ${backwardSteps === 1 ? 'step' : 'steps'} backward in time; figures of arrivals are of the times in order`,
    )
  }
  if (arrivals.displaced > 0) {
    warnings.push(
      `${arrivals.displaced} ${arrivals.displaced === 1 ? 'request is' : 'requests are'} so far behind later ones that they count at the time of those: bursts are not to be trusted; if these are several files, put them in order`,
    )
  }
  for (const [name, sizes] of [
    ['work', work],
    ['bytes', bytes],
  ] as const) {
    const tail = sizes?.tail
    if (tail === undefined || tail.index >= 2) continue
    const what = tail.index < 1 ? 'mean' : 'variance'
    warnings.push(
      `${name} has so heavy a tail (index ${tail.index.toFixed(2)}) that its ${what} does not settle, however long the trace`,
    )
  }
  if (work !== undefined && work.max === 0) warnings.push('every service time is 0')
  return warnings
}
