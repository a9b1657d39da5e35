import { plural } from '../../../simulator/format.ts'
import type { LaneFrame } from '../../race/frame.ts'
import { tiltOf, type Tilt } from '../../shell/tilt.ts'
import { duration, percent, short } from '../../shell/words.ts'

/** What a lane shows, for whoever does not see it. */
export function laneInWords({ failed, label, latency, servers, ended }: LaneFrame): string {
  const inHand = servers.map(({ id, queued, serving }) => `${id} ${serving + queued}`)
  const many = servers.length > 12
  const p99 = latency === null ? 'no answer yet' : `p99 ${duration(latency.p99).join(' ')}`
  const errors = ended === 0 ? '' : `, ${percent(failed / ended)} errors`
  const at = many ? `${servers.length} servers` : `requests at ${inHand.join(', ')}`
  return `${label}: ${p99}${errors}; ${at}.`
}

/** How even a lane is, over all of its run. */
export function tiltOfLane({ promise, servers }: LaneFrame): Tilt {
  let picks = 0
  let due = 0
  for (const server of servers) {
    picks += server.picks
    due += server.due
  }
  const shares = servers.map((server) => ({
    id: server.id,
    share: picks === 0 ? null : server.picks / picks,
    dueShare: due === 0 ? null : server.due / due,
  }))
  return tiltOf(shares, picks, promise, 'yet')
}

/** Between which the true p99 is: `38 to 52 ms`. */
export function bandInWords({ latency }: LaneFrame): string {
  if (latency === null) return 'no answer yet'
  const { p99High, p99Low } = latency
  if (p99Low === null || p99High === null) return `of ${plural(latency.count, 'answer')}`
  const [high, unit] = duration(p99High)
  return `${short(unit === 's' ? p99Low / 1000 : p99Low)} to ${high} ${unit}`
}
