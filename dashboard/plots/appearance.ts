import { signal } from '@preact/signals'

import type { Theme } from './theme.ts'

const SERIES = 8

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
  }
}

/** Changes when light becomes dark or dark light, and when the page is seen again. */
export const appearance = signal(0)

function changed(): void {
  appearance.value++
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed)
document.addEventListener('visibilitychange', changed)
