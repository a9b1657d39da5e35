import type { Wish } from './control/steered.ts'
import type { ServerSettings } from './settings.ts'

/** One step from the servers that there are to those that there should be. */
export type ServerChange =
  | { readonly type: 'add'; readonly server: ServerSettings }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'steer'; readonly id: string; readonly wish: Wish }

/** Hears of a step that could not be made any more, and why. */
export type OnSkipped = (change: ServerChange, why: string) => void

/**
 * What a new file changes. Three lists are compared, as when branches are merged: what the file says now, what it said when it was last
 * read, and what there is. What the file says otherwise than before is done; else what operators have done since stays: a
 * weight, a server added or removed through the admin API. Without the list of before a log rotation would undo all of that.
 *
 * A server at another address, or with another way of speaking to it, is another server, whatever it is called: the old one
 * goes with its last request, and the new one begins without a history.
 */
export function serverChanges(
  before: readonly ServerSettings[],
  now: readonly ServerSettings[],
  running: readonly ServerSettings[],
): ServerChange[] {
  const said = byId(before)
  const there = byId(running)
  const wanted = byId(now)
  const gone = running.filter(({ id }) => said.has(id) && !wanted.has(id))
  const removed = gone.map(({ id }): ServerChange => ({ type: 'remove', id }))
  const others = now.flatMap((server): ServerChange[] => {
    const { id } = server
    const old = said.get(id)
    const present = there.get(id)
    if (present === undefined) {
      // An operator has removed it, and the file says what it said then.
      return old !== undefined && same(old, server) ? [] : [{ type: 'add', server }]
    }
    const moved = placeOf(server) !== placeOf(present)
    if (moved && (old === undefined || placeOf(old) !== placeOf(server))) {
      return [
        { type: 'remove', id },
        { type: 'add', server },
      ]
    }
    const wish = wishOf(old, server)
    return wish === undefined ? [] : [{ type: 'steer', id, wish }]
  })
  return [...removed, ...others]
}

/** What the file says otherwise than before; all that it says of one it did not know. */
function wishOf(old: ServerSettings | undefined, now: ServerSettings): Wish | undefined {
  const { backup, max = Infinity, weight } = now
  const wish = {
    ...(old?.weight !== weight && { weight }),
    ...((old === undefined || (old.max ?? Infinity) !== max) && { max }),
    ...(old?.backup !== backup && { backup }),
  }
  return Object.keys(wish).length === 0 ? undefined : wish
}

function byId(servers: readonly ServerSettings[]): ReadonlyMap<string, ServerSettings> {
  return new Map(servers.map((server) => [server.id, server]))
}

function same(one: ServerSettings, other: ServerSettings): boolean {
  return placeOf(one) === placeOf(other) && wishOf(one, other) === undefined
}

/** What can change of a server that stays what it is. */
const IN_PLACE = new Set(['id', 'weight', 'max', 'backup'])

/** Where it is and how it is spoken to, as a text to compare. */
function placeOf(server: ServerSettings): string {
  const place = Object.entries(server).filter(([key]) => !IN_PLACE.has(key))
  return JSON.stringify(place.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
