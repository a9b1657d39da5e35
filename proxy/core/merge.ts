import type { ServerSnapshot, Snapshot, Tally as TallySnapshot } from './snapshot.ts'
import { Tally } from './tally.ts'

/**
 * One snapshot of several recorders that saw parts of the same traffic over the same span: what threads that balance together
 * show as one.
 *
 * `base` says when, who is there, how they are and what happened to them; requests, picks and attempts are added up over it
 * and all `parts`. Servers are matched by id, and one that `base` does not know is left out. Latencies add up by
 * their histograms, so percentiles are those of everything together. A due share is worth as many picks as its
 * recorder made, since every pick is due to somebody.
 */
export function mergeSnapshots(base: Snapshot, parts: readonly Snapshot[]): Snapshot {
  const all = [base, ...parts]
  const servers = base.servers.map((server) => mergeServer(server, all, base.span))
  const picks = servers.reduce((sum, server) => sum + server.picks, 0)
  for (const server of servers) {
    server.share = picks > 0 ? server.picks / picks : null
    server.dueShare = picks > 0 ? dueOf(server.id, all) / picks : null
  }
  return {
    ...base,
    requests: mergeTallies(
      all.map((part) => part.requests),
      base.span,
    ),
    retries: all.reduce((sum, part) => sum + part.retries, 0),
    panicPicks: all.reduce((sum, part) => sum + part.panicPicks, 0),
    servers,
  }
}

/**
 * One snapshot of a recorder's that follow one another, oldest first, at least one: what one long span would have shown. States are those of
 * the latest; who has left since is left out.
 */
export function joinSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  const latest = snapshots[snapshots.length - 1]
  const span = snapshots.reduce((sum, each) => sum + each.span, 0)
  const joined = mergeSnapshots({ ...latest, span }, snapshots.slice(0, -1))
  return { ...joined, events: snapshots.flatMap(({ events }) => events) }
}

/** The sum of what several tallies gave, over a span of that many milliseconds. */
function mergeTallies(parts: readonly TallySnapshot[], span: number): TallySnapshot {
  const sum = new Tally()
  for (const part of parts) sum.addSnapshot(part)
  return sum.snapshot(span)
}

function mergeServer(
  server: ServerSnapshot,
  all: readonly Snapshot[],
  span: number,
): ServerSnapshot {
  const mine = all.flatMap((part) => find(part, server.id) ?? [])
  return {
    ...server,
    picks: mine.reduce((sum, { picks }) => sum + picks, 0),
    attempts: mergeTallies(
      mine.map(({ attempts }) => attempts),
      span,
    ),
  }
}

/** How many picks a server was due. */
function dueOf(id: string, all: readonly Snapshot[]): number {
  let due = 0
  for (const part of all) {
    const picks = part.servers.reduce((sum, server) => sum + server.picks, 0)
    due += (find(part, id)?.dueShare ?? 0) * picks
  }
  return due
}

function find(part: Snapshot, id: string): ServerSnapshot | undefined {
  return part.servers.find((server) => server.id === id)
}
