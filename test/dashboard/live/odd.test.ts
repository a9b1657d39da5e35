import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needBrowser, type TestBrowser } from '../../support/browser.ts'
import { faultless } from '../faultless.ts'
import { Staged } from './staged.ts'

let browser: TestBrowser

beforeAll(async () => {
  browser = await needBrowser()
}, 60_000)

afterAll(() => browser.close())

/** The picture. As a text it would not be called, and nothing would be compared. */
function dataOf(canvas: unknown): string {
  return (canvas as { toDataURL(): string }).toDataURL()
}

async function shown(
  ids: readonly string[],
  name: string,
  look: (page: Page, staged: Staged) => Promise<void>,
): Promise<void> {
  const staged = await new Staged(ids).listen()
  staged.seconds(60, 30)
  const opened = await browser.open(staged.url)
  const { page } = opened
  await page.setViewportSize({ width: 1440, height: 1000 })
  const news = setInterval(() => staged.seconds(1, 30), 1000)
  try {
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
    await look(page, staged)
    await faultless(page, `live-${name}`)
  } finally {
    clearInterval(news)
    await opened.close()
    staged.close()
  }
}

describe('the live page', { timeout: 120_000 }, () => {
  test('takes names for text, however long they are', () =>
    shown(
      ['<img src=x onerror=alert(1)>', 'x'.repeat(300), '"><script>alert(2)</script>', 'b4'],
      'names',
      async (page) => {
        await expect.poll(() => page.locator('.server').count()).toBe(4)
        expect(await page.locator('.server h3').first().innerText()).toContain('<img src=x')
        expect(await page.locator('main img, main script').count()).toBe(0)
      },
    ))

  test('shows thirty servers so that each can be read', () =>
    shown(
      Array.from({ length: 30 }, (_, i) => `b${i + 1}`),
      'many',
      async (page, staged) => {
        await page.locator('.server').nth(29).waitFor()
        await page.getByText('and 24 with less, in the table').first().waitFor()
        staged.scene.balancer.setHealthy(staged.scene.server('b7'), false, 'connect refused')
        staged.seconds(1)
        await page.locator('.server[data-state=down]').waitFor()
      },
    ))

  test('says that there are no servers', () =>
    shown([], 'none', async (page) => {
      await page.getByText('There are no servers').waitFor()
    }))

  test('draws nothing while it is hidden', async () => {
    const staged = await new Staged(['b1']).listen()
    staged.seconds(10)
    const opened = await browser.open(staged.url)
    const { page } = opened
    try {
      staged.seconds(1)
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      const hide = (hidden: boolean): Promise<unknown> =>
        page.evaluate(
          `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
           document.dispatchEvent(new Event('visibilitychange'))`,
        )
      const canvas = page.locator('.chart canvas').first()
      const picture = (): Promise<string> => canvas.evaluate(dataOf)
      await hide(true)
      const before = await picture()
      const told = await page.locator('.figures').innerText()
      staged.seconds(5, 300)
      await expect.poll(() => page.locator('.figures').innerText()).not.toBe(told)
      expect(await picture()).toBe(before)
      await hide(false)
      await expect.poll(picture).not.toBe(before)
    } finally {
      await opened.close()
      staged.close()
    }
  })
})
