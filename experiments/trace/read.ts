import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { TraceFormatError } from '../../simulator/trace/errors.ts'
import type { TraceReader } from '../../simulator/trace/reader.ts'
import { count, plural } from '../../simulator/format.ts'
import type { Interrupt } from '../live/interrupt.ts'
import { ReadProgress } from './progress.ts'

const BLOCK = 256 * 1024
const GZIP = [0x1f, 0x8b]

/** The trace cannot be used; the message says which file and why. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError'
}

export interface Reading {
  readonly interrupt: Interrupt
  /** After each piece; true ends it early. */
  readonly afterPiece?: () => Promise<boolean> | boolean
}

/**
 * Feeds a file, plain or compressed with gzip, or standard input (`-`), to a reader. Gives whether that was all of it: not if it was
 * interrupted, or ended early. Throws a `TraceFileError`.
 */
export async function readInto(
  reader: TraceReader,
  file: string,
  { interrupt, afterPiece }: Reading,
): Promise<boolean> {
  const name = nameOf(file)
  const size = file === '-' ? undefined : await sizeOf(file)
  const raw = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: BLOCK })
  const progress = new ReadProgress(process.stderr, name, size)
  let whole = true
  // Ctrl-C, or nobody reads our output any more.
  void interrupt.first.then(() => {
    whole = false
    raw.destroy()
  })
  try {
    for await (const block of unpacked(raw, (bytes) => progress.add(bytes))) {
      // Byte by byte, so that paths stay as they were recorded and no character is cut in two.
      reader.chunk(block.toString('latin1'))
      progress.show(reader.entries)
      if ((await afterPiece?.()) === true) whole = false
      if (!whole) break
    }
  } catch (error) {
    if (whole) throw wrapped(error, name)
  } finally {
    progress.end()
    raw.destroy()
  }
  try {
    reader.end(whole)
  } catch (error) {
    if (whole) throw wrapped(error, name)
  }
  return whole
}

async function* unpacked(raw: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const blocks = counted(raw, onBytes)
  const first = await blocks.next()
  if (first.done === true) return
  const again = (async function* () {
    yield first.value
    yield* blocks
  })()
  if (first.value[0] !== GZIP[0] || first.value[1] !== GZIP[1]) {
    yield* again
    return
  }
  // What goes wrong comes out of the stream that is read.
  yield* pipeline(again, createGunzip({ chunkSize: BLOCK }), () => {}) as AsyncIterable<Buffer>
}

async function* counted(raw: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const block of raw as AsyncIterable<Buffer>) {
    onBytes(block.length)
    yield block
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) throw new TraceFileError(`${file} is a directory, not a trace`)
    return stats.size
  } catch (error) {
    throw wrapped(error, file)
  }
}

function wrapped(error: unknown, name: string): Error {
  if (error instanceof TraceFileError) return error
  if (error instanceof TraceFormatError) return new TraceFileError(`${name}: ${error.message}`)
  const { code, message } = error as NodeJS.ErrnoException
  const why = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${message}`
  return new TraceFileError(`${name} ${why}`, { cause: error })
}

/** How a file is called in what is told of it. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : basename(file)
}

/** Why a trace is not to be trusted, or undefined: it holds nothing, or too many of its lines cannot be read. */
export function whyUnusable(reader: TraceReader, file: string, most: number): string | undefined {
  const { bad, badLines, entries, skipped } = reader
  const all = entries + skipped + bad
  if (bad > all * most) {
    const place = reader.format === 'har' ? 'entry' : 'line'
    const examples = badLines.map(({ line, reason }) => `\n  ${place} ${line}: ${reason}`)
    const share = Math.ceil((bad / all) * 1000) / 10
    return `${nameOf(file)}: ${count(bad)} of ${plural(all, 'line')} cannot be read, more than ${most * 100} %; --max-bad ${share}% would let that pass${examples.join('')}`
  }
  return entries === 0 ? `${nameOf(file)} holds no request` : undefined
}
