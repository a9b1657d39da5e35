import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { told } from '../../../dashboard/learn/figures.ts'
import type { Found, Guess, Lesson } from '../../../dashboard/learn/lesson.ts'
import { LESSONS } from '../../../dashboard/learn/lessons/index.ts'
import { ranked, verdictOf } from '../../../dashboard/learn/verdict.ts'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'
import { ALL_LOOKS, faultless } from '../faultless.ts'
import { serveStatic, type StaticPages } from '../static-pages.ts'
import { foundInNode } from './in-node.ts'
import { expectTrue } from './truths.ts'

const SHOTS = fileURLToPath(new URL('../../../coverage/screenshots/', import.meta.url))
mkdirSync(SHOTS, { recursive: true })

let pages: StaticPages
let browser: TestBrowser

beforeAll(async () => {
  browser = await needBrowser()
  pages = await serveStatic()
})

afterAll(async () => {
  await browser.close()
  await pages.close()
})

const open = (slug: string): Promise<TestPage> => browser.open(`${pages.url}learn.html#${slug}`)

/** Lanes clear their canvas once for each picture. */
const COUNT = `(() => {
  const { clearRect } = CanvasRenderingContext2D.prototype
  globalThis.pictures = 0
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    globalThis.pictures++
    clearRect.apply(this, area)
  }
})()`

/** What a screen reader would call what has the focus. */
const FOCUSED = `(() => {
  const { activeElement: at } = document
  if (at === document.body) return ''
  return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent
})()`

/** Goes on with Tab until it is there, as somebody without a pointer does. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (name.test(await page.evaluate<string>(FOCUSED))) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${name}`)
}

/** Changes the guess a little, and gives what it should be then. */
async function guess(page: Page, { ask }: Lesson): Promise<Guess> {
  switch (ask.kind) {
    case 'rank': {
      await tabTo(page, /: down$/)
      await page.keyboard.press('ArrowDown')
      const [first, second, ...rest] = ask.cases
      return { kind: 'rank', order: [second, first, ...rest] }
    }
    case 'choice':
      await tabTo(page, new RegExp(ask.options[0]))
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowDown')
      return { kind: 'choice', option: 1 }
    case 'deal':
      await tabTo(page, /^A, 3 of 7/)
      await page.keyboard.press('ArrowRight')
      return { kind: 'deal', order: [0, 0, 1, 0, 1, 1, 2] }
    case 'bars':
    case 'curve':
  }
  await tabTo(page, /^Your guess for/)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('33')
  const share = ask.kind === 'bars' && ask.top === 1
  const values =
    ask.kind === 'bars' ? ask.cases.map(() => ask.start) : ask.points.map(() => ask.start)
  values[ask.kind === 'bars' && ask.given !== undefined ? 1 : 0] = share ? 0.33 : 33
  if (ask.kind === 'curve') values[0] = ask.range[0]
  return { kind: ask.kind, values }
}

/** The figures that the page should show, in its order. */
function figuresOf({ ask, measure }: Lesson, found: Found): string[] {
  const say = (id: string): string => told(found[id], measure.unit)
  if (ask.kind === 'curve') {
    return ask.points.flatMap(({ id }, i) => [id, ask.later.ids[i], ask.given.ids[i]].map(say))
  }
  if (ask.kind === 'rank') return ranked(ask.cases, found).map(say)
  return [...(ask.kind === 'deal' ? ['yours'] : []), ...ask.cases].map(say)
}

describe.each(LESSONS.map((lesson): [string, Lesson] => [lesson.slug, lesson]))(
  'the lesson %s in a browser',
  { timeout: 120_000 },
  (slug, lesson) => {
    test('can be done with the keyboard alone, shows what Node finds, and is true', async () => {
      const opened = await open(slug)
      const { page } = opened
      await page.setViewportSize({ width: 1440, height: 1000 })
      const own = await guess(page, lesson)
      // Nothing tells the answer before it is asked for.
      expect((await page.locator('.stage-lane header p').allInnerTexts()).join('')).toBe('')
      expect(await page.locator('.truth-figure, .verdict').count()).toBe(0)
      await page.screenshot({ path: `${SHOTS}learn-${slug}-asked-desktop-light.png` })
      await tabTo(page, /That is my guess/)
      await page.keyboard.press('Enter')
      // What moves makes everything else slow.
      await page.getByRole('button', { name: 'Pause' }).click()
      await tabTo(page, /Show me the numbers/)
      await page.keyboard.press('Enter')
      // While the page does.
      const found = await foundInNode(lesson, own.kind === 'deal' ? own.order : undefined)
      expectTrue(lesson, found)
      await page.locator('.truth-figure').waitFor({ timeout: 60_000 })
      const verdict = page.getByRole('status').filter({ hasText: verdictOf(lesson, own, found) })
      await verdict.waitFor()
      const cells = '.truth-figure .figure, .curve-table td:not(:nth-child(2))'
      expect(await page.locator(cells).allTextContents()).toEqual(figuresOf(lesson, found))
      await tabTo(page, /Try it yourself in the Lab/)
      await page
        .getByRole('link', { name: /Try it/ })
        .and(page.locator('[href*="#1."]'))
        .waitFor()
      await faultless(page, `learn-${slug}-told`)
      await tabTo(page, slug === 'weights' ? /All lessons/ : /^Next/)
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => url.hash !== `#${slug}`)
      await opened.close()
    })
  },
)

describe('the lessons', { timeout: 60_000 }, () => {
  test('are listed without a fault that axe finds', async () => {
    const opened = await open('')
    await faultless(opened.page, 'learn', { looks: ALL_LOOKS })
    expect(await opened.page.locator('.contents li').count()).toBe(LESSONS.length)
    await opened.close()
  })

  test('are marked as done when they are, on this device and after the page was left', async () => {
    const opened = await open('weights')
    const { page } = opened
    await page.getByRole('button', { name: 'That is my guess' }).click()
    await page.getByRole('button', { name: 'Show me the numbers' }).click()
    await page.goto(`${pages.url}learn.html`)
    await page.getByText('1 of 8 done').waitFor()
    expect(await page.locator('.contents li').last().innerText()).toContain('✓ done')
    await opened.close()
  })

  test('are put in order by dragging, too, and bars are drawn', async () => {
    const opened = await open('black-hole')
    const { page } = opened
    const items = page.locator('.ranking li')
    await items
      .nth(2)
      .locator('.what')
      .dragTo(items.nth(0).locator('.what'), { targetPosition: { x: 5, y: 2 } })
    expect(await items.first().innerText()).toMatch(/^least connections/)
    await page.goto(`${pages.url}learn.html#cold-newcomer`)
    await page.getByText('How many of a hundred').waitFor()
    const track = page.locator('.track').nth(2)
    await track.scrollIntoViewIfNeeded()
    const { height, width, x, y } = (await track.boundingBox())!
    await page.mouse.click(x + width * 0.9, y + height / 2)
    await expect
      .poll(() => page.getByLabel('Your guess for least connections').inputValue())
      .toBe('90')
    await opened.close()
  })

  test('run in jumps where nobody wants to see things move', async () => {
    const opened = await open('cold-newcomer')
    const { page } = opened
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.addInitScript({ content: COUNT })
    await page.reload()
    const inHand = page.locator('.stage-lane header p').first()
    await page.getByRole('button', { name: 'That is my guess' }).click()
    // On a busy machine to ask takes seconds, in which the run goes on: so pictures are counted against the page's own time.
    const now = (): Promise<[pictures: number, time: number]> =>
      page.evaluate('[globalThis.pictures, performance.now()]')
    const lanes = await page.locator('.stage-lane').count()
    const [picturesBefore, before] = await now()
    for (let i = 0; i < 2; i++) {
      const said = await inHand.innerText()
      await expect.poll(() => inHand.innerText(), { timeout: 20_000 }).not.toBe(said)
    }
    const [picturesAfter, after] = await now()
    // A jump a second, and one at either end; things that move take sixty a second.
    const jumps = (after - before) / 1000 + 2
    expect(picturesAfter - picturesBefore).toBeLessThanOrEqual(jumps * lanes)
    await opened.close()
  })

  test('say so where there is no such lesson', async () => {
    const opened = await open('<b>nothing')
    const { page } = opened
    await page.getByRole('status').filter({ hasText: 'There is no lesson called' }).waitFor()
    expect(await page.locator('.contents li').count()).toBe(8)
    await opened.close()
  })
})
