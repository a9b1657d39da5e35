import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'
import { Staged } from './staged.ts'

/** What the page does, counted. How long that takes is measured by `npm run bench:live`. */

const CHARTS = 5

let browser: TestBrowser
let staged: Staged
let opened: TestPage
let page: Page

beforeAll(async () => {
  browser = await needBrowser()
  staged = await new Staged(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8']).listen()
  staged.seconds(60, 24)
  opened = await browser.open(staged.url)
  page = opened.page
  await page.setViewportSize({ width: 1440, height: 1000 })
  await heard(16)
}, 60_000)

afterAll(async () => {
  await opened.close()
  await browser.close()
  staged.close()
})

/** One more snapshot, in which each server has so many requests; done when the page shows it. */
async function heard(each: number): Promise<void> {
  staged.seconds(1, each * 8)
  const shown = page.getByRole('region', { name: 'How much there is' }).locator('.readout')
  await shown.filter({ hasText: `b8 ${each}.0/s` }).waitFor()
}

/** Chart.js clears the canvas once for each picture. */
const COUNT = `(() => {
  const { clearRect } = CanvasRenderingContext2D.prototype
  globalThis.drawn = 0
  CanvasRenderingContext2D.prototype.clearRect = function (...where) {
    globalThis.drawn++
    return clearRect.apply(this, where)
  }
})()`

describe('the live page with eight servers', () => {
  test('draws a chart once for a snapshot, and no chart that is far out of sight', async () => {
    await page.evaluate(COUNT)
    await heard(11)
    const drawn = await page.evaluate<number>('drawn')
    expect(drawn).toBeGreaterThan(1)
    expect(drawn).toBeLessThan(CHARTS)
  })

  test('draws snapshots together that come faster than an eye follows', async () => {
    await page.evaluate('globalThis.drawn = 0')
    staged.seconds(40, 24)
    await heard(12)
    const drawn = await page.evaluate<number>('drawn')
    expect(drawn).toBeGreaterThan(1)
    // The first at once, the others after a moment; on a slow machine they come in a few pieces.
    expect(drawn).toBeLessThan(8 * CHARTS)
  })

  test('has as many elements after a hundred snapshots as before, and keeps no more than their rows', async () => {
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable')
    const kept = async (): Promise<Record<string, number>> => {
      await devtools.send('HeapProfiler.collectGarbage')
      const { metrics } = await devtools.send('Performance.getMetrics')
      const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
      return { heap, elements: await page.evaluate(`document.querySelectorAll('*').length`) }
    }
    await heard(13)
    const before = await kept()
    // No more at once: the proxy lets go of who cannot follow.
    for (let i = 0; i < 3; i++) {
      staged.seconds(32, 24)
      await heard(14 + i)
    }
    const after = await kept()
    // Errors come and go, and with them the words that there are none.
    expect(Math.abs(after['elements'] - before['elements'])).toBeLessThan(5)
    // A row of eight servers is some 3 KB.
    expect(after['heap'] - before['heap']).toBeLessThan(1_000_000 + 100 * 4000)
  })
})
