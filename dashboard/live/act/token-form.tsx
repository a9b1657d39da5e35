import { useState } from 'preact/hooks'
import { feed } from '../state.ts'
import { forget, show, steering, token } from './desk.ts'

/** Asks for the token, where one is needed. It stays in this tab. */
export function TokenForm() {
  const [typed, setTyped] = useState('')
  const found = steering.value
  if (found?.here !== true || !found.token || feed.news.value !== 'barred') return null
  const wrong = token.value !== ''
  const submit = (event: Event): void => {
    event.preventDefault()
    if (typed.trim() !== '') show(typed.trim())
  }
  return (
    <form class="card token" onSubmit={submit}>
      <h2>This page needs the admin token</h2>
      <p class="muted">
        It is what ADMIN_TOKEN says where the proxy was started. It stays in this tab until it is
        closed, and goes to this proxy alone.
      </p>
      <div class="row">
        <label class="field">
          Token
          <input
            type="password"
            autoComplete="off"
            autoFocus
            value={typed}
            onInput={(event) => {
              if (wrong) forget()
              setTyped(event.currentTarget.value)
            }}
          />
        </label>
        <button class="primary">Show the proxy</button>
      </div>
      <p class="fault" role="alert">
        {wrong && 'This is not the right one.'}
      </p>
    </form>
  )
}

/** On the main port: where to go to act. */
export function Elsewhere() {
  const found = steering.value
  if (found === undefined || found.here || found.page === null) return null
  return (
    <p class="card elsewhere">
      This page only shows. To drain or break servers, switch the strategy or see single requests,
      open it <a href={found.page}>at the admin port</a>.
    </p>
  )
}
