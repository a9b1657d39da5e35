import { WrongInput } from '../sim/wrong-input.ts'

/** Exit codes; see the verb's help. */
export const [DONE, BROKEN, INTERRUPTED] = [0, 1, 130]
const WRONG = 2

/** Does something, and tells what is wrong, a line each, if it cannot be done. */
export async function complaining(verb: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    for (const line of (error as Error).message.split('\n')) say(verb, line)
    return error instanceof WrongInput ? WRONG : BROKEN
  }
}

/** On standard error, so that what is found stays clean. Some of it came over Redis: nobody there may steer the terminal. */
export function say(verb: string, text: string): void {
  process.stderr.write(`evenkeel ${verb}: ${text.replaceAll(/\p{Cc}/gu, '\u{FFFD}')}\n`)
}
