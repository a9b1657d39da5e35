import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { look, NotDone } from './desk.ts'

/** How long something can be undone by one key, in milliseconds; after that by hand, like anything. */
const WHILE = 30_000

interface Done {
  /** What was done, in a sentence. */
  readonly text: string
  /** Gives a sentence on what is now; absent: it cannot be undone. */
  readonly undo?: () => Promise<string>
}

const done = signal<Done | undefined>(undefined)

let timer: ReturnType<typeof setTimeout> | undefined

export function offer(next: Done): void {
  clearTimeout(timer)
  done.value = next
  timer = setTimeout(() => (done.value = undefined), WHILE)
  void look()
}

async function takeBack({ undo }: Done): Promise<void> {
  if (undo === undefined) return
  try {
    offer({ text: await undo() })
  } catch (error) {
    const why = error instanceof NotDone ? error.message : String(error)
    offer({ text: `Could not be undone. ${why}` })
  }
}

/** What was just done, and a way back. It comes last on the page, and is announced. */
export function UndoBar() {
  const now = done.value
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || typing) return
      if (done.value?.undo === undefined) return
      event.preventDefault()
      void takeBack(done.value)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return (
    <div class="undo" role="status" aria-label="Done" data-shown={now !== undefined || undefined}>
      {now !== undefined && (
        <>
          <p>{now.text}</p>
          {now.undo !== undefined && (
            <button class="primary" onClick={() => void takeBack(now)}>
              Undo <kbd>Ctrl Z</kbd>
            </button>
          )}
          <button onClick={() => (done.value = undefined)}>Close</button>
        </>
      )}
    </div>
  )
}
