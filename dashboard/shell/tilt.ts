import type { Snapshot } from '../../proxy/core/snapshot.ts'
import { percent } from './words.ts'

/** Where the bubble stands: 0 in the middle, 1 with its edge at a line, more beyond; negative is left, where the first servers are. */
export interface Tilt {
  readonly tilt: number
  readonly words: string
}

export interface Share {
  readonly id: string
  readonly share: number | null
  readonly dueShare: number | null
}

/**
 * How far off the servers' shares are. The lines are what chance alone would allow: three standard deviations of a fair draw, and at least two
 * requests, the law that even the random strategies keep.
 */
export function tiltOf(
  servers: readonly Share[],
  picks: number,
  promise: Snapshot['promise'],
  span = 'in the last 10 seconds',
): Tilt {
  let most = -1
  let worst = -1
  servers.forEach(({ dueShare, share }, index) => {
    if (share === null || dueShare === null) return
    const excess = (share - dueShare) / toleranceOf(dueShare, picks)
    if (excess > worst) {
      worst = excess
      most = index
    }
  })
  if (most < 0) return { tilt: 0, words: `No request arrived ${span}.` }
  const side = most < (servers.length - 1) / 2 ? -1 : 1
  return { tilt: side * worst, words: wordsOf(servers[most], worst <= 1, picks, promise) }
}

function wordsOf(
  server: Share,
  even: boolean,
  picks: number,
  promise: Snapshot['promise'],
): string {
  const [due, got] = [server.dueShare!, server.share!]
  if (promise === 'adaptive') {
    return even
      ? 'Follows the load; just now shares are as by weight.'
      : `Follows the load: ${server.id} gets ${percent(got)} where ${percent(due)} is its part by weight.`
  }
  if (even) return 'Even: every server gets the share it is due.'
  const tolerance = percent(toleranceOf(due, picks))
  return `${server.id} gets ${percent(got)} where ${percent(due)} ± ${tolerance} is due.`
}

/** What chance may add to a share of so many picks, or take from it. */
export function toleranceOf(due: number, picks: number): number {
  return Math.max(2 / picks, 3 * Math.sqrt((due * (1 - due)) / picks))
}
