import './header.css'
import type { ComponentChildren } from 'preact'
import { Level } from './level.tsx'
import type { Tilt } from './tilt.ts'

type PageName = 'live' | 'lab' | 'learn'

const PAGES: readonly (readonly [name: PageName, title: string, path: string])[] = [
  ['live', 'Live', './'],
  ['lab', 'Lab', './lab.html'],
  ['learn', 'Learn', './learn.html'],
]

interface HeaderProps {
  readonly page: PageName
  readonly tilt: Tilt
  readonly old?: boolean
  /** What this page has to the right of the ways to the others. */
  readonly children?: ComponentChildren
}

/** The wordmark with its level, the ways to the other pages, and this page's own tools. */
export function Header({ children, old = false, page, tilt }: HeaderProps) {
  return (
    <header class="head">
      <h1 class="wordmark">
        <Level tilt={tilt} old={old} />
        Evenkeel
      </h1>
      <nav aria-label="Pages">
        {PAGES.map(([name, title, path]) => (
          <a key={name} href={path} aria-current={name === page ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div class="tools">{children}</div>
    </header>
  )
}
