import { useState } from 'preact/hooks'
import type { ServerView } from '../../../proxy/control/shown-server.ts'
import { feed } from '../state.ts'
import { Question } from './dialog.tsx'
import { limitSays, weightSays } from './effects.ts'
import { change, serverNow } from './server-changes.tsx'
import { tick } from '../../shell/words.ts'

interface Props {
  readonly view: ServerView
  readonly tag: string | undefined
}

export function WeightQuestion({ tag, view }: Props) {
  const [typed, setTyped] = useState(String(view.weight))
  const value = Number(typed)
  const weight = typed.trim() !== '' && value >= 0 && value <= 1_000_000 ? value : undefined
  const weights = new Map(
    (feed.history.recent?.servers ?? [])
      .filter(({ state }) => state === 'up' || state === 'full')
      .map((server) => [server.id, server.weight]),
  )
  const promise = feed.history.latest?.promise ?? 'adaptive'
  return (
    <Question
      title={`Weight of ${view.id}`}
      says={weightSays(view.id, weight, weights, promise)}
      verb="Set weight"
      disabled={weight === undefined || weight === view.weight}
      act={() =>
        change(
          view,
          tag,
          { weight: weight! },
          `${view.id} has weight ${tick(weight!)}, and had ${tick(view.weight)}.`,
        )
      }
    >
      <label class="field">
        Weight
        <input
          inputMode="decimal"
          value={typed}
          autoFocus
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
    </Question>
  )
}

export function LimitQuestion({ tag, view }: Props) {
  void feed.version.value
  const [typed, setTyped] = useState(view.max === null ? '' : String(view.max))
  const value = Number(typed)
  const limit =
    typed.trim() === '' ? null : Number.isInteger(value) && value >= 1 ? value : undefined
  return (
    <Question
      title={`Limit of ${view.id}`}
      says={limitSays(view.id, limit, serverNow(view.id)?.inflight ?? 0)}
      verb={limit === null ? 'Set no limit' : 'Set limit'}
      disabled={limit === undefined || limit === view.max}
      act={() =>
        change(
          view,
          tag,
          { max: limit! },
          limit === null
            ? `${view.id} has no limit any more.`
            : `${view.id} has at most ${limit} requests in flight.`,
        )
      }
    >
      <label class="field">
        Most requests in flight
        <input
          inputMode="numeric"
          placeholder="no limit"
          value={typed}
          autoFocus
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
    </Question>
  )
}
