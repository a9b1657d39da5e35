import { TraceFormatError } from '../../simulator/trace/errors.ts'
import { Interrupt } from '../live/interrupt.ts'
import { TraceFileError } from './read.ts'

/** Exit codes; see the help of the verbs. */
export const WRONG = 2
const BROKEN = 1
export const INTERRUPTED = 130

/** Runs a verb with Ctrl-C as a wish to end, and tells what it could not do. */
export async function guarded(
  verb: string,
  act: (interrupt: Interrupt) => Promise<number>,
): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
  try {
    return await act(interrupt)
  } catch (error) {
    if (error instanceof TraceFileError || error instanceof TraceFormatError) {
      return complain(verb, error.message, WRONG)
    }
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return complain(verb, (error as Error).message, BROKEN)
  } finally {
    interrupt.release()
  }
}

export function complain(verb: string, message: string, code: number): number {
  process.stderr.write(`evenkeel trace ${verb}: ${message}\n`)
  return code
}
