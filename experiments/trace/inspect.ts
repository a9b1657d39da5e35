import { Inspection } from '../../simulator/trace/inspection.ts'
import { TraceReader } from '../../simulator/trace/reader.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { drawInspection } from './inspect-view.ts'
import { type ReportFlags, readerOptions } from './options.ts'
import { nameOf, readInto, whyUnusable } from './read.ts'
import { complain, guarded, INTERRUPTED, WRONG } from './outcome.ts'

/** Reads a trace, tells what it is like, and gives the exit code. */
export function inspect(file: string, flags: ReportFlags): Promise<number> {
  return guarded('inspect', async (interrupt) => {
    const inspection = new Inspection()
    const reader = new TraceReader(readerOptions(flags), (entry) => inspection.add(entry))
    const whole = await readInto(reader, file, { interrupt })
    if (reader.entries > 0) {
      const figures = inspection.figures(reader)
      if (flags.format === 'json') {
        await print(`${JSON.stringify({ file, complete: whole, ...figures }, undefined, 2)}\n`)
      } else {
        const width = process.stdout.isTTY ? process.stdout.columns || 80 : 100
        const paint = paintFor(process.stdout, process.env)
        await print(`${drawInspection(nameOf(file), whole, figures, width, paint).join('\n')}\n`)
      }
    }
    const fault = whyUnusable(reader, file, flags.maxBad)
    if (!whole) return INTERRUPTED
    return fault === undefined ? 0 : complain('inspect', fault, WRONG)
  })
}
