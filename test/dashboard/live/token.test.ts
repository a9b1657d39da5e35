import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lab, startLab } from '../lab.ts'
import { needBrowser, type TestBrowser } from '../../support/browser.ts'

const TOKEN = 'a-token-of-some-length'

let browser: TestBrowser
let lab: Lab

beforeAll(async () => {
  browser = await needBrowser()
  lab = await startLab({ ADMIN_TOKEN: TOKEN })
}, 60_000)

afterAll(async () => {
  await browser.close()
  await lab.stop()
})

test('the page asks for the token, shows nothing without it, and keeps it in the tab', async () => {
  const { admin, url } = lab
  const opened = await browser.open(`${admin}/lb/`, /Failed to load resource/)
  const { page } = opened
  const field = page.getByLabel('Token')
  await field.fill('not this one')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the right one.').waitFor()
  expect(await page.locator('.server').count()).toBe(0)
  await field.fill(TOKEN)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Drain b1' }).waitFor()
  expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0)
  await page.reload()
  await page.getByRole('button', { name: 'Drain b1' }).click()
  await page.getByRole('button', { name: 'Drain', exact: true }).click()
  await page.getByText('b1 drains.').waitFor()
  // The main port is of another origin: it says where to go, and nothing of the token.
  await page.goto(`${url}/lb/`)
  const link = page.getByRole('link', { name: 'at the admin port' })
  expect(await link.getAttribute('href')).toBe(`${admin}/lb/`)
  expect(await page.evaluate('sessionStorage.length')).toBe(0)
  expect(await page.getByRole('button', { name: /^Drain/ }).count()).toBe(0)
  await opened.close()
}, 60_000)
