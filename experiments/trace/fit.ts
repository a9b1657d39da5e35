import { FEWEST, fitAll } from '../../simulator/fit/fit.ts'
import { TraceReader } from '../../simulator/trace/reader.ts'
import { Sample } from '../../simulator/trace/sample.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { drawFitting } from './fit-view.ts'
import { type ReportFlags, readerOptions } from './options.ts'
import { complain, guarded, INTERRUPTED, WRONG } from './outcome.ts'
import { nameOf, readInto, whyUnusable } from './read.ts'

/** More values make no better fit: with as many as that a distance of half a per cent is seen. */
const MOST_VALUES = 100_000

/** Fits distributions to the service times of a trace, and gives the exit code. */
export function fit(file: string, flags: ReportFlags): Promise<number> {
  return guarded('fit', async (interrupt) => {
    const sample = new Sample(MOST_VALUES)
    const reader = new TraceReader(readerOptions(flags), ({ work }) => {
      if (work !== undefined) sample.add(work)
    })
    const whole = await readInto(reader, file, { interrupt })
    const fault = whyUnusable(reader, file, flags.maxBad) ?? whyNotFit(sample, file)
    if (fault !== undefined) return complain('fit', fault, whole ? WRONG : INTERRUPTED)
    const fitting = fitAll(sample.sorted())
    if (flags.format === 'json') {
      const { count, max, min } = sample
      const [best = fitting.empirical] = fitting.fits
      const report = { file, complete: whole, known: count, min, max, ...fitting, work: best.spec }
      await print(`${JSON.stringify(report, undefined, 2)}\n`)
    } else {
      const width = process.stdout.isTTY ? process.stdout.columns || 80 : 100
      const paint = paintFor(process.stdout, process.env)
      const lines = drawFitting(nameOf(file), whole, sample.count, fitting, width, paint)
      await print(`${lines.join('\n')}\n`)
    }
    return whole ? 0 : INTERRUPTED
  })
}

function whyNotFit({ count, max }: Sample, file: string): string | undefined {
  const hint =
    'a log has it with %D of Apache or $request_time of nginx, or say what it is with --work'
  if (count === 0) return `${nameOf(file)} does not say how long requests took: ${hint}`
  if (count < FEWEST)
    return `only ${count} requests say how long they took, and ${FEWEST} are needed`
  return max === 0 ? 'every service time is 0' : undefined
}
