import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Rng } from '../../proxy/core/rng.ts'
import { Cut, type CutOptions } from '../../simulator/trace/cut.ts'
import { TraceReader } from '../../simulator/trace/reader.ts'
import { Reorder } from '../../simulator/trace/reorder.ts'
import { Spread } from '../../simulator/trace/spread.ts'
import type { TraceEntry } from '../../simulator/trace/trace.ts'
import { headOf, lineOf, type WrittenFormat } from '../../simulator/trace/write.ts'
import { clock, plural } from '../../simulator/format.ts'
import { type ReadFlags, readerOptions } from './options.ts'
import { complain, guarded, INTERRUPTED, WRONG } from './outcome.ts'
import { nameOf, readInto, whyUnusable } from './read.ts'

export interface ConvertFlags extends ReadFlags, CutOptions {
  readonly out?: string
  readonly format?: WrittenFormat
  readonly spread?: boolean
  readonly seed: number
}

/** Reads a trace, writes it in its canonical form, and gives the exit code. */
export function convert(file: string, flags: ConvertFlags): Promise<number> {
  return guarded('convert', async (interrupt) => {
    const { out } = flags
    const format = flags.format ?? (out?.endsWith('.csv') === true ? 'csv' : 'ndjson')
    // Whoever finds the file can rely on it: it gets its name when it is complete.
    const unfinished = `${out}.unfinished`
    const target: Writable = out === undefined ? process.stdout : createWriteStream(unfinished)
    if (out !== undefined) await once(target, 'open')
    let failure: NodeJS.ErrnoException | undefined
    target.on('error', (error: Error) => (failure = error))
    let text = headOf(format)
    let written = 0
    let latest = 0
    const write = (entry: TraceEntry): void => {
      latest = entry.t
      written++
      text += lineOf(entry, format)
    }
    const cut = new Cut(flags, write)
    const spread =
      flags.spread === true ? new Spread(new Rng(flags.seed), (entry) => cut.add(entry)) : undefined
    const order = new Reorder((entry) => (spread ?? cut).add(entry))
    const reader = new TraceReader(readerOptions(flags), (entry) => order.add(entry))
    const put = async (): Promise<boolean> => {
      // Whoever reads our output may have left: that is no fault, and he would never be ready for more.
      if (failure?.code === 'EPIPE') return true
      if (failure !== undefined) throw failure
      if (text !== '' && !target.write(text, 'latin1'))
        await Promise.race([once(target, 'drain'), interrupt.first])
      text = ''
      return cut.done
    }
    let kept = false
    try {
      const whole = await readInto(reader, file, { interrupt, afterPiece: put })
      order.end()
      spread?.end()
      await put()
      const fault = whyUnusable(reader, file, flags.maxBad)
      if (fault !== undefined) return complain('convert', fault, WRONG)
      // The last of it may be what a full disk does not take.
      const error = await new Promise<NodeJS.ErrnoException | null | undefined>((done) =>
        out === undefined ? target.write('', done) : target.end(done),
      )
      failure ??= error ?? undefined
      if (failure !== undefined && failure.code !== 'EPIPE') throw failure
      if (out !== undefined) {
        await rename(unfinished, out)
        kept = true
      }
      tell(reader, order, written, latest, out)
      return whole || !interrupt.happened ? 0 : INTERRUPTED
    } finally {
      if (out !== undefined && !kept) {
        target.destroy()
        await rm(unfinished, { force: true })
      }
    }
  })
}

/** On standard error, so that a pipe gets the trace only. */
function tell(
  reader: TraceReader,
  order: Reorder,
  written: number,
  span: number,
  out?: string,
): void {
  const left = [
    ...(reader.skipped > 0 ? [`${plural(reader.skipped, 'line')} without a request`] : []),
    ...(reader.bad > 0 ? [plural(reader.bad, 'bad line')] : []),
  ]
  const lines = [
    `${plural(written, 'request')} of ${clock(span)} written${out === undefined ? '' : ` to ${nameOf(out)}`}`,
    ...(left.length > 0 ? [`left out: ${left.join(', ')}`] : []),
    ...(order.moved > 0 ? [`${plural(order.moved, 'request')} put in order of time`] : []),
    ...(order.late > 0 ? [`${plural(order.late, 'request')} too late for that, moved`] : []),
  ]
  for (const line of lines) process.stderr.write(`${line}\n`)
}
