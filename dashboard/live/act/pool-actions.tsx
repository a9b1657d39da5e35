import { useState } from 'preact/hooks'
import type { ServerView } from '../../../proxy/control/shown-server.ts'
import { ask, mayAct, NotDone } from './desk.ts'
import { asking, Question } from './dialog.tsx'
import { offer } from './undo.tsx'

/** What is not about one server: one more, and the configuration. */
export function PoolActions() {
  if (!mayAct.value) return null
  return (
    <div class="pool">
      <button onClick={() => (asking.value = () => <AddQuestion />)}>Add a server</button>
      <button onClick={() => (asking.value = () => <ReloadQuestion />)}>
        Reload the configuration
      </button>
    </div>
  )
}

function AddQuestion() {
  const [url, setUrl] = useState('')
  const [id, setId] = useState('')
  const [weight, setWeight] = useState('1')
  const value = Number(weight)
  const right = /^(https?|h2c):\/\/[^/\s]+$|^unix:./.test(url.trim())
  const add = async (): Promise<void> => {
    const body = { url: url.trim(), weight: value, ...(id.trim() !== '' && { id: id.trim() }) }
    const { body: added } = await ask<ServerView>('POST', '/servers', { body })
    const path = `/servers/${encodeURIComponent(added.id)}`
    offer({
      text: `${added.id} was added, at ${added.url}.`,
      undo: async () => {
        await ask('DELETE', path)
        return `Undone: ${added.id} leaves the pool.`
      },
    })
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
