import { repeat, type Report } from './verdicts.ts'

/** For programs: everything that is known. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(jsonOf(report), undefined, 2)}\n`
}

/** The same, to be part of something. */
export function jsonOf(report: Report): object {
  const strategies = report.judgements.map((judgement) => ({
    name: judgement.target.name,
    ...(judgement.unusable !== undefined && { unusable: judgement.unusable }),
    laws: judgement.verdicts.map((verdict) => {
      const { law, time, ...rest } = verdict
      const again =
        verdict.result === 'broken' ? { repeat: repeat(judgement, verdict, report) } : {}
      const { id, title, why } = law
      return { id, title, why, ...rest, ...again, milliseconds: Math.round(time) }
    }),
    unclaimed: judgement.unclaimed,
    doubts: judgement.doubts,
    untried: judgement.untried.map(({ id }) => id),
  }))
  const { elapsed, interrupted, runs, seed, unreached } = report
  const head = { seed, runs, interrupted, unreached, milliseconds: Math.round(elapsed) }
  return { ...head, strategies }
}
