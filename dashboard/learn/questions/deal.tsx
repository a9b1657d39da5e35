import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { AskDeal } from '../lesson.ts'

interface DealProps {
  readonly ask: AskDeal
  readonly order: readonly number[]
  readonly onOrder: (order: readonly number[]) => void
}

/** Cards in a row: drag one, or go to it and move it with the arrow keys; or press one and then another, and they change places. */
export function Deal({ ask, onOrder, order }: DealProps) {
  const row = useRef<HTMLOListElement>(null)
  const pressed = useSignal<number | undefined>(undefined)
  const said = useSignal('')
  const dragged = useRef<number | undefined>(undefined)
  const focus = useRef<number | undefined>(undefined)

  useLayoutEffect(() => {
    if (focus.current === undefined) return
    row.current!.querySelectorAll('button')[focus.current]?.focus()
    focus.current = undefined
  }, [order])

  const swap = (from: number, to: number): void => {
    if (to < 0 || to >= order.length || from === to) return
    const next = [...order]
    ;[next[from], next[to]] = [next[to], next[from]]
    said.value = `The order is ${next.map((each) => ask.names[each]).join(', ')}.`
    onOrder(next)
  }

  const over = ({ buttons, clientX: x, clientY: y }: PointerEvent): void => {
    if (buttons === 0) dragged.current = undefined
    if (dragged.current === undefined) return
    const to = [...row.current!.querySelectorAll('button')].findIndex((card) => {
      const { bottom, left, right, top } = card.getBoundingClientRect()
      return x >= left && x < right && y >= top && y < bottom
    })
    if (to < 0 || to === dragged.current) return
    swap(dragged.current, to)
    dragged.current = to
    pressed.value = undefined
  }

  const press = (at: number): void => {
    if (pressed.value === undefined) {
      pressed.value = at
      return
    }
    swap(pressed.value, at)
    pressed.value = undefined
  }

  return (
    <div class="deal">
      <ol ref={row} onPointerMove={over}>
        {order.map((server, at) => (
          <li key={at}>
            <button
              type="button"
              data-server={server}
              aria-label={`${ask.names[server]}, ${at + 1} of ${order.length}`}
              aria-pressed={pressed.value === at}
              onPointerDown={() => (dragged.current = at)}
              onClick={() => press(at)}
              onKeyDown={(event) => {
                const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
                if (step === undefined) return
                event.preventDefault()
                focus.current = Math.max(0, Math.min(order.length - 1, at + step))
                swap(at, at + step)
              }}
            >
              {ask.names[server]}
            </button>
          </li>
        ))}
      </ol>
      <p class="muted small">
        Drag a card, press two to swap them, or move one with the arrow keys.
      </p>
      <p class="unseen" aria-live="polite">
        {said}
      </p>
    </div>
  )
}
