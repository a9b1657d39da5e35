import type { Verdict } from '../../simulator/statistics/verdict.ts'
import { count } from '../../simulator/format.ts'
import { isLevel, type Standing } from '../../simulator/study/comparison.ts'
import type { Study } from '../../simulator/study/study.ts'

/** What verdicts are asked of: errors are shares, which may well be none. */
const ASKED = ['mean', 'p99'] as const

/** More than that nobody wants to wait for: what differs by so little is as good as the same. */
const PATIENCE = 1000

/** A verdict of one strategy's figure. */
interface Told {
  readonly name: string
  readonly verdict: Verdict
  /** How much there may be to it, as a share of what it is compared with. */
  readonly most: number
}

/** For the end: how sure all of this is, and what would tell what cannot be told yet. Empty where there is nothing to be sure of. */
export function closingOf({ seeds, standings }: Study): string {
  const level = standings.filter(({ steadiness }) => isLevel(steadiness))
  if (level.length === 0) return ''
  if (seeds.length === 1) return 'How sure? One replication cannot say: --reps 10 gives intervals.'
  const sure = ASKED.flatMap((key) => {
    const share = widest(level, key)
    return share === undefined ? [] : [`${key} ±${per(share)}`]
  })
  if (sure.length === 0) return ''
  const known = `How sure? Known to ${sure.join(', ')} or better`
  const verdicts = verdictsOf(standings)
  if (verdicts.length === 0) return `${known}; --until-precise 1% goes on until that is 1 %.`
  const open = verdicts.filter(({ verdict: { word } }) => word === 'cannot tell yet')
  if (open.length === 0) return `${known}, and every verdict of mean and p99 can be told.`
  return `${known}. ${next(open, verdicts.length, seeds.length)}`
}

function verdictsOf([first, ...others]: readonly Standing[]): Told[] {
  return others.flatMap(({ label, verdicts }) =>
    ASKED.flatMap((key) => {
      const verdict = verdicts[key]
      if (verdict === undefined) return []
      const { high, low } = verdict.difference
      const most = Math.max(-low, high) / first.figures[key]!.mean
      return [{ name: `${label}'s ${key}`, verdict, most }]
    }),
  )
}

function next(open: readonly Told[], all: number, reps: number): string {
  const needs = open.map(({ verdict }) => reps + verdict.more).filter((each) => each <= PATIENCE)
  const close = open.filter(({ verdict }) => reps + verdict.more > PATIENCE)
  const words: string[] = []
  if (needs.length > 0) {
    const which = close.length === 0 ? '' : ` ${needs.length}`
    words.push(`--reps ${rounded(Math.max(...needs))} would probably tell${which}`)
  }
  if (close.length > 0) {
    const most = per(Math.max(...close.map((each) => each.most)))
    const who = close.length === 1 ? `${close[0].name} differs` : `${close.length} differ`
    words.push(`${who} by at most ${most}`)
  }
  const are = open.length === 1 ? 'is' : 'are'
  return `${open.length} of ${all} verdicts of mean and p99 ${are} open: ${words.join('; ')}.`
}

function widest(standings: readonly Standing[], key: (typeof ASKED)[number]): number | undefined {
  const all = standings
    .map(({ figures }) => figures[key])
    .filter((each) => each !== null)
    .map(({ half, mean }) => (half === 0 ? 0 : half / mean))
  return all.length === 0 ? undefined : Math.max(...all)
}

function per(share: number): string {
  const value = share * 100
  return `${value >= 100 ? count(value) : Number(value.toPrecision(2))} %`
}

/** Up to two digits: the spread it comes from is not known any better. */
function rounded(reps: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(reps)) - 1)
  return Math.ceil(reps / unit) * unit
}
