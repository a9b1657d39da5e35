import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALL_LOOKS, faultless } from '../faultless.ts'
import { type Lab, startLab } from '../lab.ts'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'

/** The picture. As a text it would not be called, and nothing would be compared. */
function dataOf(canvas: unknown): string {
  return (canvas as { toDataURL(): string }).toDataURL()
}

let browser: TestBrowser
let lab: Lab
let opened: TestPage
let page: Page

beforeAll(async () => {
  browser = await needBrowser()
  lab = await startLab()
  opened = await browser.open(`${lab.url}/lb/`, /Failed to load resource/)
  page = opened.page
}, 60_000)

afterAll(async () => {
  await opened.close()
  await browser.close()
  await lab.stop()
})

describe('the live page of a real proxy with real fakes', { timeout: 60_000 }, () => {
  test('shows numbers within seconds', async () => {
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
    await expect.poll(() => page.locator('.figures dd').first().innerText()).toMatch(/^\d.*\/s$/)
    expect(await page.locator('.server').count()).toBe(3)
    // Of a proxy that has just begun.
    expect(await page.getByLabel('How far back').inputValue()).toBe('60000')
    await expect
      .poll(() => page.locator('.server .state').allInnerTexts())
      .toEqual(['● up', '● up', '● up'])
  })

  test('has no fault that axe finds, and nothing beyond the window', () =>
    faultless(page, 'live', { looks: ALL_LOOKS }))

  test('shows a killed server go down, why, and what that did', async () => {
    lab.kill('b2')
    const state = page.locator('.server').filter({ hasText: 'b2' }).locator('.state')
    await expect.poll(() => state.innerText(), { timeout: 15_000 }).toMatch(/^✕ down: .*refused/)
    expect(await page.title()).toMatch(/^✕ 2 of 3 up/)
    const event = page.getByRole('button', { name: /b2 went down: .*refused/ })
    await event.click()
    await expect.poll(() => page.locator('.effect').innerText()).toMatch(/10 s before/)
  })

  test('can be paused: what is shown stays', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    const chart = page.locator('.chart').first().locator('canvas')
    const before = await chart.evaluate(dataOf)
    const told = await page.locator('.figures').innerText()
    await expect
      .poll(() => page.locator('.figures').innerText(), { timeout: 10_000 })
      .not.toBe(told)
    expect(await chart.evaluate(dataOf)).toBe(before)
    await page.getByRole('button', { name: 'Go on' }).click()
  })

  test('says so when the proxy is gone, and comes back with it', async () => {
    await lab.restartProxy(async () => {
      const status = page.getByRole('status').filter({ hasText: 'No news since' })
      await status.waitFor({ timeout: 15_000 })
      expect(await page.locator('.figures').getAttribute('data-old')).toBe('true')
      await faultless(page, 'live-stale')
    })
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor({ timeout: 30_000 })
  })
})
