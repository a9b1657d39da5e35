import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { RequestSummary } from '../../../proxy/http/request-story.ts'
import { duration } from '../../shell/words.ts'
import { ask, mayAct } from '../act/desk.ts'
import { feed, servers } from '../state.ts'
import { Why } from './why.tsx'

/** How often the list is asked for, in milliseconds. */
const EVERY = 2000
const MOST = 50
const OUTCOMES = ['ok', 'error', 'timeout', 'refused', 'aborted', 'pending'] as const

const shown = signal(false)
const held = signal(false)
const server = signal('')
const outcome = signal('')
const list = signal<readonly RequestSummary[] | undefined>(undefined)
const fault = signal<string | undefined>(undefined)
/** The one that is explained. */
const chosen = signal<string | undefined>(undefined)

const clock = new Intl.DateTimeFormat('en-GB', {
  timeStyle: undefined,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** The latest requests, and why each went where it went; off until asked for, since it is asked of the proxy again and again. */
export function RequestLog() {
  useEffect(() => {
    const timer = setInterval(() => void (!held.value && load()), EVERY)
    return () => clearInterval(timer)
  }, [])
  if (!mayAct.value && list.value === undefined) return null
  const toggle = (): void => {
    shown.value = !shown.value
    if (shown.value) void load()
    else [list.value, chosen.value] = [undefined, undefined]
  }
  return (
    <section class="card requests" aria-label="Requests">
      <div class="chart-head">
        <h2>Single requests</h2>
        <p class="muted small">the latest, and why each went where it went</p>
        <button aria-expanded={shown.value} onClick={toggle}>
          {shown.value ? 'Hide' : 'Show requests'}
        </button>
      </div>
      {shown.value && <Log />}
    </section>
  )
}

async function load(): Promise<void> {
  if (!shown.value || document.hidden || !mayAct.value) return
  const query = new URLSearchParams({ limit: String(MOST) })
  if (server.value !== '') query.set('server', server.value)
  if (outcome.value !== '') query.set('outcome', outcome.value)
  try {
    const { body } = await ask<{ requests: RequestSummary[] }>('GET', `/requests?${query}`)
    list.value = body.requests
    fault.value = undefined
  } catch (error) {
    fault.value = `${(error as Error).message} If \`explain\` is off in the configuration, nothing is remembered.`
  }
}

function Log() {
  void feed.version.value
  const all = list.value
  return (
    <>
      <div class="fields filters">
        <label>
          Server{' '}
          <select
            value={server.value}
            onChange={(event) => {
              server.value = event.currentTarget.value
              void load()
            }}
          >
            <option value="">all</option>
            {servers.value.map((id) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <label>
          Outcome{' '}
          <select
            value={outcome.value}
            onChange={(event) => {
              outcome.value = event.currentTarget.value
              void load()
            }}
          >
            <option value="">all</option>
            {OUTCOMES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button aria-pressed={held.value} onClick={() => (held.value = !held.value)}>
          {held.value ? 'Follow' : 'Hold'}
        </button>
      </div>
      {fault.value !== undefined && <p class="fault">{fault.value}</p>}
      {all?.length === 0 && <p class="muted">No such request among those that are remembered.</p>}
      {all !== undefined && all.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label="Latest requests">
          <table>
            <thead>
              <tr>
                <th scope="col">came</th>
                <th scope="col">request</th>
                <th scope="col">status</th>
                <th scope="col">server</th>
                <th scope="col" class="number">
                  tries
                </th>
                <th scope="col" class="number">
                  took
                </th>
                <th scope="col">
                  <span class="unseen">explanation</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {all.map((each) => (
                <Line key={each.id} request={each} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen.value !== undefined && (
        <Why key={chosen.value} id={chosen.value} close={() => (chosen.value = undefined)} />
      )}
    </>
  )
}

function Line({ request }: { readonly request: RequestSummary }) {
  const { attempts, end, id, method, outcome, server, status, target, time, total } = request
  const [took, unit] = duration(total)
  return (
    <tr data-chosen={chosen.value === id || undefined}>
      <td>{clock.format(new Date(time))}</td>
      <td class="target" title={`${method} ${target}`}>
        {method} <span class="id">{target}</span>
      </td>
      <td class={outcome === 'ok' || outcome === null ? undefined : 'bad'}>
        {status ?? '–'}{' '}
        {outcome === 'ok'
          ? ''
          : `${outcome ?? 'under way'}${end === null || end === 'ok' ? '' : ` (${end})`}`}
      </td>
      <td class="id">{server ?? 'none'}</td>
      <td class="number">{attempts}</td>
      <td class="number">
        {took}
        <span class="unit">{unit}</span>
      </td>
      <td>
        <button
          aria-expanded={chosen.value === id}
          onClick={() => (chosen.value = chosen.value === id ? undefined : id)}
        >
          Why?<span class="unseen"> {id}</span>
        </button>
      </td>
    </tr>
  )
}
