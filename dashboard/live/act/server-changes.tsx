import type { ServerView } from '../../../proxy/control/shown-server.ts'
import type { ServerSnapshot } from '../../../proxy/core/snapshot.ts'
import { tick } from '../../shell/words.ts'
import { feed } from '../state.ts'
import { ask, NotDone } from './desk.ts'
import { close } from './dialog.tsx'
import { offer } from './undo.tsx'

type Wish = Partial<Pick<ServerView, 'state' | 'weight' | 'max'>>

export function serverNow(id: string): ServerSnapshot | undefined {
  return feed.history.recent?.servers.find((each) => each.id === id)
}

/** Does it, if the server is still as it was seen, and offers to do the contrary. */
export async function change(
  view: ServerView,
  tag: string | undefined,
  wish: Wish,
  text: string,
): Promise<void> {
  const path = pathOf(view)
  const after = await orWhy(view, () => ask('PATCH', path, { body: wish, tag }))
  const before = Object.fromEntries(Object.keys(wish).map((key) => [key, view[key as keyof Wish]]))
  offer({
    text,
    undo: async () => {
      await orWhy(view, () => ask('PATCH', path, { body: before, tag: after.tag }))
      return `Undone: ${stateOf({ ...view })}.`
    },
  })
}

/** Takes it out of the pool with its last request. */
export async function takeOut(view: ServerView, tag: string | undefined): Promise<void> {
  const { backup, id, max, url, weight } = view
  const after = await orWhy(view, () => ask('DELETE', pathOf(view), { tag }))
  offer({
    text: `${id} leaves the pool.`,
    undo: async () => {
      try {
        // While it has requests it is still there, and stays.
        const body = { state: view.state }
        await orWhy(view, () => ask('PATCH', pathOf(view), { body, tag: after.tag }))
        return `Undone: ${id} stays.`
      } catch (error) {
        if (!(error instanceof NotDone) || error.status !== 404) throw error
      }
      // Without a tag: it changes nothing that is there, and is refused where somebody else has taken the name.
      const body = { id, url, weight, backup, ...(max !== null && { max }) }
      await ask('POST', '/servers', { body })
      return `Undone: ${id} was added again, at ${url}. Files for TLS of its own, if it had any, were not.`
    },
  })
}

/** In a conflict it says how things are now. Who else it was the proxy does not know: it knows no names. */
export async function orWhy<T>(view: ServerView, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof NotDone) || !error.conflict) throw error
    const { body } = await ask<ServerView>('GET', pathOf(view))
    throw new NotDone(
      412,
      `Somebody else (another page, a command, or a reload) has changed ${view.id} meanwhile: ${stateOf(body)}. Nothing was changed by you.`,
    )
  }
}

function stateOf({ id, max, state, weight }: ServerView): string {
  const limit = max === null ? 'no limit' : `at most ${max} in flight`
  return `${id} is ${state === 'maint' ? 'in maintenance' : state === 'drain' ? 'draining' : 'ready'}, weight ${tick(weight)}, ${limit}`
}

function pathOf({ id }: ServerView): string {
  return `/servers/${encodeURIComponent(id)}`
}

/** There is nothing to do any more. */
export function Gone({ id, why }: { readonly id: string; readonly why: string }) {
  return (
    <div class="question">
      <h2 id="dialog-title">{id}</h2>
      <p class="says">{why}</p>
      <div class="buttons">
        <button onClick={close}>Close</button>
      </div>
    </div>
  )
}
