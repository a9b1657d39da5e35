import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Case } from '../lesson.ts'

interface RankingProps {
  readonly cases: readonly Case[]
  /** Ids, the top one first. */
  readonly order: readonly string[]
  readonly ends: readonly [most: string, least: string]
  readonly onOrder: (order: readonly string[]) => void
}

/** A list to be put in order: by dragging, by its buttons, or with the arrow keys on them. */
export function Ranking({ cases, ends, onOrder, order }: RankingProps) {
  const list = useRef<HTMLOListElement>(null)
  const dragged = useSignal<string | undefined>(undefined)
  const said = useSignal('')
  /** The button that moved something keeps the focus, wherever it went. */
  const focus = useRef<string | undefined>(undefined)

  useLayoutEffect(() => {
    if (focus.current === undefined) return
    list.current!.querySelector<HTMLElement>(`[data-key="${focus.current}"]`)?.focus()
    focus.current = undefined
  }, [order])

  const move = (id: string, to: number, button?: string): void => {
    if (to < 0 || to >= order.length || order[to] === id) return
    const rest = order.filter((each) => each !== id)
    rest.splice(to, 0, id)
    focus.current = button
    said.value = `${labelOf(cases, id)} is now ${to + 1} of ${order.length}`
    onOrder(rest)
  }

  const over = ({ clientY }: PointerEvent): void => {
    if (dragged.value === undefined) return
    const above = [...list.current!.children].filter((item) => {
      const { height, top } = item.getBoundingClientRect()
      return clientY > top + height / 2
    }).length
    move(dragged.value, above > order.indexOf(dragged.value) ? above - 1 : above)
  }

  const begin = (event: PointerEvent, id: string): void => {
    if ((event.target as Element).closest('button') !== null || event.button !== 0) return
    event.preventDefault()
    dragged.value = id
    list.current!.setPointerCapture(event.pointerId)
  }

  const end = (): void => {
    dragged.value = undefined
  }

  return (
    <div class="ranking">
      <p class="ranking-end">{ends[0]}</p>
      <ol ref={list} onPointerMove={over} onPointerUp={end} onPointerCancel={end}>
        {order.map((id, at) => (
          <li
            key={id}
            data-dragged={dragged.value === id || undefined}
            onPointerDown={(event) => begin(event, id)}
          >
            <span class="grip" aria-hidden="true" />
            <span class="what">
              <b>{labelOf(cases, id)}</b>
              <span class="muted">{cases.find((each) => each.id === id)?.does}</span>
            </span>
            <Move id={id} way="up" at={at} order={order} cases={cases} move={move} />
            <Move id={id} way="down" at={at} order={order} cases={cases} move={move} />
          </li>
        ))}
      </ol>
      <p class="ranking-end">{ends[1]}</p>
      <p class="unseen" aria-live="polite">
        {said}
      </p>
    </div>
  )
}

interface MoveProps extends Pick<RankingProps, 'cases' | 'order'> {
  readonly id: string
  readonly way: 'up' | 'down'
  readonly at: number
  readonly move: (id: string, to: number, button: string) => void
}

function Move({ at, cases, id, move, order, way }: MoveProps) {
  const key = `${id} ${way}`
  return (
    <button
      type="button"
      data-key={key}
      aria-label={`${labelOf(cases, id)}: ${way}`}
      aria-disabled={at === (way === 'up' ? 0 : order.length - 1)}
      onKeyDown={(event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
        if (step === undefined) return
        event.preventDefault()
        move(id, at + step, key)
      }}
      onClick={() => move(id, at + (way === 'up' ? -1 : 1), key)}
    >
      {way === 'up' ? '↑' : '↓'}
    </button>
  )
}

function labelOf(cases: readonly Case[], id: string): string {
  return cases.find((each) => each.id === id)!.label
}
