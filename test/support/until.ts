import { setTimeout as pause } from 'node:timers/promises'

/** Resolves as soon as the condition holds. For what no event tells. */
export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await pause(2)
}
