import { signal } from '@preact/signals'
import type { ServerView } from '../../../proxy/control/shown-server.ts'
import type { ServerSnapshot } from '../../../proxy/core/snapshot.ts'
import { duration } from '../../shell/words.ts'
import { feed } from '../state.ts'
import { ask, mayAct, wanted } from './desk.ts'
import { drainSays, endsIn, maintSays, readySays, removeSays } from './effects.ts'
import { change, Gone, serverNow, takeOut } from './server-changes.tsx'
import { LimitQuestion, WeightQuestion } from './number-questions.tsx'
import { asking, Question } from './dialog.tsx'

/** The card whose rarer actions are shown. */
const unfolded = signal<string | undefined>(undefined)

type Kind = 'drain' | 'maint' | 'ready' | 'weight' | 'limit' | 'remove'

/** What an operator can do with a server, at the foot of its card. */
export function ServerActions({ id }: { readonly id: string }) {
  if (!mayAct.value) return null
  const state = wanted.value.get(id)?.state ?? 'ready'
  const more = unfolded.value === id
  const button = (kind: Kind, text: string) => (
    <button onClick={() => void begin(id, kind)} aria-label={`${text} ${id}`}>
      {text}
    </button>
  )
  return (
    <div class="actions">
      {state === 'ready' ? button('drain', 'Drain') : button('ready', 'Ready')}
      {button('weight', 'Weight')}
      {button('limit', 'Limit')}
      <button
        aria-expanded={more}
        aria-label={`More for ${id}`}
        onClick={() => (unfolded.value = more ? undefined : id)}
      >
        More
      </button>
      {more && state !== 'maint' && button('maint', 'Maintenance')}
      {more && state !== 'drain' && state !== 'ready' && button('drain', 'Drain')}
      {more && button('remove', 'Remove')}
    </div>
  )
}

/** How far it is with leaving, while it drains. */
export function Draining({ server }: { readonly server: ServerSnapshot }) {
  if (server.state !== 'draining') return null
  const soon = endsIn(server)
  return (
    <p class="draining">
      {server.inflight === 0
        ? 'Drained: nothing is in flight.'
        : `${server.inflight} in flight${soon === undefined ? '' : `, done in about ${duration(soon).join(' ')}`}`}
    </p>
  )
}

/** Looks at how the server is, so that what is done is done to that, and asks. */
async function begin(id: string, kind: Kind): Promise<void> {
  try {
    const path = `/servers/${encodeURIComponent(id)}`
    const { body, tag } = await ask<ServerView>('GET', path)
    asking.value = () => <Asked view={body} tag={tag} kind={kind} />
  } catch (error) {
    const { message } = error as Error
    asking.value = () => <Gone id={id} why={message} />
  }
}

interface AskedProps {
  readonly view: ServerView
  readonly tag: string | undefined
  readonly kind: Kind
}

function Asked({ kind, tag, view }: AskedProps) {
  void feed.version.value
  const { id } = view
  const server = serverNow(id)
  const all = feed.history.recent?.servers ?? []
  if (server === undefined) return <Gone id={id} why="It is not there any more." />
  switch (kind) {
    case 'weight':
      return <WeightQuestion view={view} tag={tag} />
    case 'limit':
      return <LimitQuestion view={view} tag={tag} />
    case 'drain':
      return (
        <Question
          title={`Drain ${id}`}
          says={drainSays(server, all)}
          verb="Drain"
          act={() => change(view, tag, { state: 'drain' }, `${id} drains.`)}
        />
      )
    case 'maint':
      return (
        <Question
          title={`Maintenance of ${id}`}
          says={maintSays(server, all)}
          verb="Take out of service"
          act={() => change(view, tag, { state: 'maint' }, `${id} is in maintenance.`)}
        />
      )
    case 'ready':
      return (
        <Question
          title={`Make ${id} ready`}
          says={readySays(server)}
          verb="Make ready"
          act={() => change(view, tag, { state: 'ready' }, `${id} is ready.`)}
        />
      )
    case 'remove':
    default:
      return (
        <Question
          title={`Remove ${id}`}
          says={removeSays(server, all)}
          verb="Remove"
          act={() => takeOut(view, tag)}
        />
      )
  }
}
