import { signal } from '@preact/signals'

import type { Theme } from './theme.ts'

const SERIES = 8
/** Of the letters at axes, where letters have their usual size; pixels. */
const LETTERS = 11
/** Of letters, in pixels; for a projector they are larger. */
const USUAL = 16

/** How much larger than usual letters are here: what is drawn grows with them. */
export function letterScale(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL
}

let read: { readonly of: number; readonly theme: Theme } | undefined

/** As it is now; read once for each appearance, since reading makes the browser lay out the page. */
export function readTheme(): Theme {
  const of = appearance.value
  if (read?.of !== of) read = { of, theme: themeNow() }
  return read.theme
}

function themeNow(): Theme {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    text: of('text'),
    muted: of('muted'),
    rule: of('rule'),
    surface: of('surface'),
    series: Array.from({ length: SERIES }, (_, i) => of(`series-${i}`)),
    good: of('good'),
    warn: of('warn'),
    bad: of('bad'),
    font: getComputedStyle(document.body).fontFamily,
    letters: LETTERS * letterScale(),
  }
}

/** Changes when light becomes dark or dark light, when letters grow or shrink, and when the page is seen again. */
export const appearance = signal(0)

function changed(): void {
  appearance.value++
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
for (const rem of [120, 160])
  matchMedia(`(min-width: ${rem}rem)`).addEventListener('change', changed)
document.addEventListener('visibilitychange', changed)
