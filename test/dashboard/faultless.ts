import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Where pictures are kept: to be looked at, not compared. */
const SHOTS = fileURLToPath(new URL('../../coverage/screenshots/', import.meta.url))
mkdirSync(SHOTS, { recursive: true })

const SIZES = {
  desktop: { width: 1440, height: 1000 },
  phone: { width: 390, height: 844 },
} as const

type Look = readonly [size: keyof typeof SIZES, colorScheme: 'light' | 'dark']

export const ALL_LOOKS: readonly Look[] = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
]

/** Each size and each scheme once: for what differs little from what is looked at in all. */
const TWO_LOOKS: readonly Look[] = [
  ['desktop', 'light'],
  ['phone', 'dark'],
]

/** What reaches beyond the window, but for what can be scrolled, or is cut off. */
const BEYOND = `[...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .filter((each) => {
    for (let at = each.parentElement; at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== 'visible') return false
    }
    return true
  })
  .map((each) => each.outerHTML.slice(0, 200))`

/** Two frames: the first is asked for by what is out of date, the second shows it. */
const DRAWN = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'

interface Scope {
  readonly looks?: readonly Look[]
  /** A selector: axe looks at that alone, since the rest is looked at elsewhere, and the picture is of what is in sight. */
  readonly part?: string
}

/** Details of violations alone, and no second page to put frames together in, since there are none: twice as quick. */
function axeOf(page: Page, part: string | undefined): AxeBuilder {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true)
  return part === undefined ? axe : axe.include(part)
}

/**
 * Axe finds nothing, and nothing reaches beyond the window, in each of the looks; a picture of each is kept, of the whole page down to its end.
 * Leaves the page light and on the desktop.
 */
export async function faultless(
  page: Page,
  name: string,
  { looks = TWO_LOOKS, part }: Scope = {},
): Promise<void> {
  for (const [size, colorScheme] of looks) {
    const told = `${name}-${size}-${colorScheme}`
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(SIZES[size])
    const { violations } = await axeOf(page, part).analyze()
    const faults = violations.map(({ help, id, nodes }) => [id, help, nodes[0].html])
    expect(faults, told).toEqual([])
    expect(await page.evaluate(BEYOND), told).toEqual([])
    if (part === undefined) {
      // So that charts that are drawn when they are in sight are drawn.
      const height = await page.evaluate<number>('document.documentElement.scrollHeight')
      await page.setViewportSize({ width: SIZES[size].width, height })
      await page.evaluate(DRAWN)
    }
    await page.screenshot({ path: `${SHOTS}${told}.png` })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(SIZES.desktop)
}
