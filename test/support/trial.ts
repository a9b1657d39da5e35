import { broken } from '../laws/examine.ts'
import type { Law, Subject, Trial } from '../laws/law.ts'

/** `LAWS_SEED` and `LAWS_RUNS` look elsewhere and longer. */
export const TRIAL: Trial = {
  seed: Number(process.env.LAWS_SEED ?? 1),
  runs: Number(process.env.LAWS_RUNS ?? 50),
}

/** Says what a person needs who sees a test fail: the finding, the story, and a line that repeats it. */
export function explained(subject: Subject, law: Law, check: () => void): void {
  try {
    check()
  } catch (error) {
    const { finding, path, story } = broken(error)
    const title = `${subject.name} .* ${law.title}`.replaceAll(/[+?^${}()|[\]\\/]/g, '.')
    const settings = `LAWS_SEED=${TRIAL.seed} LAWS_RUNS=${TRIAL.runs}`
    const again = `${settings} npx vitest run test/laws -t '${title}'`
    const where = path === '' ? '' : ` (fast-check's path ${path})`
    const lines = [`${subject.name}: ${finding}`, ...story.map((line) => `  ${line}`)]
    throw new Error([...lines, `Repeat with: ${again}${where}`].join('\n'), { cause: error })
  }
}
