import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface PopoverProps {
  /** What the button says, and what it is. */
  readonly words: ComponentChildren
  readonly label: string
  readonly look?: string
  readonly children: (close: () => void) => ComponentChildren
}

/** A button that opens what belongs to it, below it; Escape, or going elsewhere, closes it again. */
export function Popover({ children, label, look = '', words }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLSpanElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return undefined
    const box = root.current!.querySelector<HTMLElement>('.popover-box')!
    // Not over the edge of the page.
    const over = box.getBoundingClientRect().right - document.documentElement.clientWidth + 12
    if (over > 0) box.style.setProperty('margin-left', `${-over}px`)
    box.querySelector<HTMLElement>('input, select, button')?.focus()
    const outside = (event: Event): void => {
      if (!root.current!.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    document.addEventListener('focusin', outside)
    return () => {
      document.removeEventListener('pointerdown', outside)
      document.removeEventListener('focusin', outside)
    }
  }, [open])

  const close = (): void => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <span
      class={`popover ${look}`}
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        close()
      }}
    >
      <button
        type="button"
        ref={button}
        aria-expanded={open}
        aria-haspopup="dialog"
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {words}
      </button>
      {open && (
        <span class="popover-box" role="dialog" aria-label={label}>
          {children(close)}
        </span>
      )}
    </span>
  )
}
