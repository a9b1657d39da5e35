import type { Lag, LiveRun } from './live-run.ts'

/** So late may generator, proxy or servers be in one case of a hundred, in milliseconds, before a run says more of the machine than of them. */
const MOST_LAG = 5

/** How late requests were sent at p99, in milliseconds. */
export function latenessOf({ requests }: Pick<LiveRun, 'requests'>): number {
  const late = requests.map(({ due, sent }) => sent - due).sort((a, b) => a - b)
  return late[Math.ceil(late.length * 0.99) - 1] ?? 0
}

/** Why a run proves nothing, a line each; empty if it may. */
export function disturbancesOf(run: LiveRun): string[] {
  const { failures, lags, result } = run
  const found = failures.map((each) => `an operator could not do what was to be done: ${each}`)
  const { aborted } = result.requests.outcomes
  const lateness = latenessOf(run)
  if (lateness > MOST_LAG) found.push(`requests were sent up to ${ms(lateness)} late (p99)`)
  const all: readonly (readonly [string, Lag])[] = Object.entries(lags)
  for (const [who, { p99 }] of all) {
    if (!(p99 <= MOST_LAG)) found.push(`the loop of ${who} was up to ${ms(p99)} late (p99)`)
  }
  if (aborted > 0) found.push(`${aborted} requests got no answer`)
  if (result.underWay > 0) found.push(`${result.underWay} requests had no answer at the end`)
  return found
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`
}
