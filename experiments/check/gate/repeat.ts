import { quoted } from '../verdicts.ts'

/** The command that comes to the same again: the scenario alone, with its seed and as many runs. */
export function repeatOf(
  file: string,
  name: string,
  seed: number,
  reps: number,
  {
    baseline,
    maxReps,
    reps: asked,
    untilDecided,
  }: {
    readonly baseline?: string
    readonly maxReps?: number
    readonly reps?: number
    readonly untilDecided?: true
  },
): string {
  const words = ['npx evenkeel check', quoted(file), '--only', quoted(name), '--seed', String(seed)]
  // Who goes on until it is decided looks at every step, and has to do so again.
  const given = untilDecided ? asked : reps
  if (given !== undefined) words.push('--reps', String(given))
  if (untilDecided) words.push('--until-decided')
  if (untilDecided && maxReps !== undefined) words.push('--max-reps', String(maxReps))
  if (baseline !== undefined) words.push('--baseline', quoted(baseline))
  return words.join(' ')
}
