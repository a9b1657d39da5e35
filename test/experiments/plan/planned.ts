import { Interrupt } from '../../../experiments/live/interrupt.ts'
import type { PlanFlags } from '../../../experiments/plan/options.ts'
import { type Found, planning } from '../../../experiments/plan/planning.ts'
import { Player } from '../../../experiments/plan/player.ts'

/** What `evenkeel plan` finds, with these flags and else those that it has by itself. */
export async function planned(file: string, flags: Partial<PlanFlags> = {}): Promise<Found> {
  const interrupt = new Interrupt(() => {})
  try {
    const all: PlanFlags = {
      from: { after: 0 },
      to: { after: Infinity },
      rate: 1,
      reps: 3,
      seed: 1,
      most: 1_000_000,
      headroom: false,
      format: 'human',
      maxBad: 0.01,
      ...flags,
    }
    const found = await planning(file, all, interrupt, new Player(process.stderr, interrupt))
    if (found === undefined) throw new Error('it was stopped')
    return found
  } finally {
    interrupt.release()
  }
}
