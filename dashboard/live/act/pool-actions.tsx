import { useRef, useState } from 'preact/hooks'
import type { ServerView } from '../../../proxy/control/shown-server.ts'
import { ask, mayAct, NotDone, type Reply } from './desk.ts'
import { asking, Question } from './dialog.tsx'
import { Gone, orWhy } from './server-changes.tsx'
import { offer } from './undo.tsx'

/** What is not about one server: one more, and the configuration. */
export function PoolActions() {
  if (!mayAct.value) return null
  return (
    <div class="pool">
      <button onClick={() => void beginToAdd()}>Add a server</button>
      <button onClick={() => (asking.value = () => <ReloadQuestion />)}>
        Reload the configuration
      </button>
    </div>
  )
}

interface Servers {
  readonly servers: readonly ServerView[]
}

/** Looks at which servers there are, so that one is added to those. */
async function beginToAdd(): Promise<void> {
  try {
    const { tag } = await ask<Servers>('GET', '/servers')
    asking.value = () => <AddQuestion tag={tag} />
  } catch (error) {
    const { message } = error as Error
    asking.value = () => <Gone id="Add a server" why={message} />
  }
}

function AddQuestion({ tag }: { readonly tag: string | undefined }) {
  const seen = useRef(tag)
  const [url, setUrl] = useState('')
  const [id, setId] = useState('')
  const [weight, setWeight] = useState('1')
  const value = Number(weight)
  const right = /^(https?|h2c):\/\/[^/\s]+$|^unix:./.test(url.trim())
  const add = async (): Promise<void> => {
    const body = { url: url.trim(), weight: value, ...(id.trim() !== '' && { id: id.trim() }) }
    const { body: added, tag: own } = await orWhoIsThere(body)
    const path = `/servers/${encodeURIComponent(added.id)}`
    offer({
      text: `${added.id} was added, at ${added.url}.`,
      undo: async () => {
        await orWhy(added, () => ask('DELETE', path, { tag: own }))
        return `Undone: ${added.id} leaves the pool.`
      },
    })
  }
  /** In a conflict it says who is there now; whoever adds it then adds it to those. */
  const orWhoIsThere = async (body: unknown): Promise<Reply<ServerView>> => {
    try {
      return await ask<ServerView>('POST', '/servers', { body, tag: seen.current })
    } catch (error) {
      if (!(error instanceof NotDone) || !error.conflict) throw error
      const now = await ask<Servers>('GET', '/servers')
      seen.current = now.tag
      throw new NotDone(
        412,
        `Somebody else (another page, a command, or a reload) has changed the servers meanwhile. Now there are ${now.body.servers.map(({ id, url }) => `${id} at ${url}`).join(', ') || 'none'}. Nothing was changed by you; Add adds to those.`,
      )
    }
  }
  return (
    <Question
      title="Add a server"
      says={
        right
          ? `${id.trim() || 'A new server'} gets requests from the strategy as soon as its checks find it well; without checks, at once.`
          : 'Needs a URL like http://10.0.0.7:9000, without a path.'
      }
      verb="Add"
      disabled={!right || !(value >= 0 && value <= 1_000_000) || weight.trim() === ''}
      act={add}
    >
      <label class="field">
        URL
        <input
          value={url}
          autoFocus
          placeholder="http://10.0.0.7:9000"
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
      </label>
      <div class="fields">
        <label class="field">
          Name
          <input
            value={id}
            placeholder="the next free one"
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          Weight
          <input
            inputMode="decimal"
            value={weight}
            onInput={(event) => setWeight(event.currentTarget.value)}
          />
        </label>
      </div>
    </Question>
  )
}

function ReloadQuestion() {
  const reload = async (): Promise<void> => {
    try {
      const { body } = await ask<{ said?: string[] }>('POST', '/reload')
      offer({ text: `The configuration was read again. ${body.said?.join('. ') ?? ''}` })
    } catch (error) {
      if (!(error instanceof NotDone) || error.status !== 409) throw error
      throw new NotDone(409, `${error.message} The proxy goes on with what it has.`)
    }
  }
  return (
    <Question
      title="Reload the configuration"
      says="Reads the configuration again, as SIGHUP does: what it says differently from when it was last read is changed without losing a request; what was changed here and is not in it stays. This cannot be undone from here."
      verb="Reload"
      act={reload}
    />
  )
}
