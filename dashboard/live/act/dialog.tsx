import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { NotDone } from './desk.ts'

/** What is asked just now. */
export const asking = signal<(() => ComponentChildren) | undefined>(undefined)

export function close(): void {
  asking.value = undefined
}

/** Where dialogs are shown. The browser keeps the focus inside, gives it back, and closes on Escape. */
export function Dialogs() {
  const box = useRef<HTMLDialogElement>(null)
  const content = asking.value
  useEffect(() => {
    if (content !== undefined && box.current?.open === false) box.current.showModal()
    if (content === undefined) box.current?.close()
  }, [content])
  return (
    <dialog ref={box} class="dialog" aria-labelledby="dialog-title" onClose={close}>
      {content?.()}
    </dialog>
  )
}

interface QuestionProps {
  readonly title: string
  /** What it will do, in a sentence. */
  readonly says: ComponentChildren
  readonly verb: string
  readonly disabled?: boolean
  /** Throws a `NotDone`. */
  readonly act: () => Promise<void>
  /** What there is to choose. */
  readonly children?: ComponentChildren
}

const fault = signal<string | undefined>(undefined)
const busy = signal(false)

/** One thing to do, with what it will do said before it is done. */
export function Question({ act, children, disabled = false, says, title, verb }: QuestionProps) {
  useEffect(() => {
    fault.value = undefined
    busy.value = false
  }, [])
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy.value || disabled) return
    busy.value = true
    fault.value = undefined
    try {
      await act()
      close()
    } catch (error) {
      fault.value = error instanceof NotDone ? error.message : String(error)
    }
    busy.value = false
  }
  return (
    <form class="question" onSubmit={(event) => void submit(event)}>
      <h2 id="dialog-title">{title}</h2>
      {children}
      <p class="says" aria-live="polite">
        {says}
      </p>
      <p class="fault" role="alert">
        {fault.value}
      </p>
      <div class="buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button class="primary" disabled={disabled || busy.value}>
          {verb}
        </button>
      </div>
    </form>
  )
}
