import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeLink } from '../../../dashboard/lab/setup/link.ts'
import { TO_WATCH } from '../../../dashboard/lab/presets/to-watch.ts'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'
import { ALL_LOOKS, faultless } from '../faultless.ts'
import { serveStatic, type StaticPages } from '../static-pages.ts'
import { runToEnd, savedFrom } from './at-work.ts'

const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))
let browser: TestBrowser
let pages: StaticPages
let opened: TestPage
let page: Page
let folder: string

beforeAll(async () => {
  browser = await needBrowser()
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-lab-'))
  pages = await serveStatic()
  opened = await browser.open(`${pages.url}lab.html`)
  page = opened.page
  await page.setViewportSize({ width: 1440, height: 1000 })
})

afterAll(async () => {
  await opened.close()
  await browser.close()
  await pages.close()
  rmSync(folder, { recursive: true, force: true })
})

const clock = (): Locator => page.locator('.clock')
const seconds = async (): Promise<number> => {
  const [number, unit] = (await clock().innerText()).split(' ')
  return Number(number) / (unit.startsWith('ms') ? 1000 : 1)
}
const p99 = (): Promise<string[]> => page.locator('.lane-p99').allInnerTexts()

describe('the lab, as plain files', { timeout: 60_000 }, () => {
  test('races at once, in a worker, and shows what it comes to', async () => {
    await expect.poll(seconds, { timeout: 10_000 }).toBeGreaterThan(1)
    expect(await page.locator('.lane').count()).toBe(4)
    await expect
      .poll(async () => (await p99()).every((text) => /^\d/.test(text)), { timeout: 10_000 })
      .toBe(true)
    expect(await page.title()).toMatch(/Lab/)
  })

  test('runs to the end at full speed, and rewound shows the same', async () => {
    await runToEnd(page)
    const before = await p99()
    await page.getByRole('slider', { name: 'Time' }).fill('90000')
    await expect.poll(seconds).toBe(90)
    expect(await p99()).not.toEqual(before)
    await runToEnd(page)
    expect(await p99()).toEqual(before)
  })

  test('finishes 4 strategies × 100,000 requests within seconds, on a machine that is shared', async () => {
    const [{ scenario, strategies }] = TO_WATCH
    const fast = {
      ...scenario,
      name: 'large',
      duration: 100_000,
      arrivals: { type: 'poisson', rate: 1000 },
      work: { type: 'exponential', mean: 5 },
    } as const
    await page.goto(
      `${pages.url}lab.html${await writeLink({ scenario: fast, strategies, reps: 10 })}`,
    )
    await expect.poll(seconds, { timeout: 10_000 }).toBeGreaterThan(0)
    await page.getByRole('slider', { name: 'Time' }).fill('0')
    const start = performance.now()
    await runToEnd(page)
    const took = performance.now() - start
    console.log(`4 x 100,000 requests: ${Math.round(took)} ms`)
    expect(took).toBeLessThan(15_000)
  })

  test('lets somebody act in the middle of a run, and its link repeats it', async () => {
    await page.getByLabel('Scenario', { exact: true }).selectOption('equal-servers')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('slider', { name: 'Time' }).fill('30000')
    await expect.poll(seconds).toBe(30)
    await page.getByRole('button', { name: /^s2/ }).click()
    await page.getByRole('button', { name: 'Cut off' }).click()
    await expect
      .poll(() => page.locator('.event-list').innerText())
      .toContain('s2 refuses connections')
    await runToEnd(page)
    const errors = await page.locator('.lane-errors').allInnerTexts()
    expect(errors.some((text) => text !== '0 %')).toBe(true)
    const before = await p99()
    const other = await browser.open(page.url())
    const figures = other.page.locator('.lane-p99')
    await other.page.getByRole('slider', { name: 'Speed', exact: true }).fill('13')
    await other.page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 30_000 })
    expect(await figures.allInnerTexts()).toEqual(before)
    expect(await other.page.locator('.event-list').innerText()).toContain('s2 refuses connections')
    await other.close()
  })

  test('gives the numbers of the command line, to the last byte', async () => {
    const [, { scenario, strategies }] = TO_WATCH
    const short = { ...scenario, duration: 60_000, events: [{ at: 20_000, traffic: 0.5 }] }
    const setup = {
      scenario: short,
      strategies: [...strategies.slice(0, 3), 'power_of_two{choices: 3}'],
      reps: 3,
    }
    await page.goto(`${pages.url}lab.html${await writeLink(setup)}`)
    await page.getByText('power_of_two{choices: 3}').first().waitFor()
    await page.getByRole('button', { name: 'Compare' }).click()
    const button = page.getByRole('button', { name: 'Save JSON' })
    await button.waitFor({ timeout: 50_000 })
    const json = await savedFrom(page, () => button.click(), join(folder, 'page.json'))
    await page.getByRole('button', { name: 'Export' }).click()
    const yaml = await savedFrom(
      page,
      () => page.getByRole('button', { name: /YAML/ }).click(),
      join(folder, 'scenario-of-page.yaml'),
    )
    const args = [CLI, 'sim', yaml, '--reps', '3', '--threads', '1', '--format', 'json']
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 27 })
    expect(readFileSync(json, 'utf8')).toBe(stdout)
  })

  test('tells why a server was chosen, and where two lanes part', async () => {
    await page.getByRole('button', { name: 'First difference' }).click()
    await expect
      .poll(() => page.locator('.differ').innerText())
      .toMatch(/After \d+ requests? alike, at/)
    expect(await page.locator('.decision-lanes > div').count()).toBe(4)
    expect(await page.locator('.decisions tr.chosen').count()).toBe(4)
    await page.getByRole('button', { name: 'Step' }).click()
    await page.locator('.decisions').waitFor()
  })

  test('says what is wrong with a link, and offers what it begins with', async () => {
    await page.goto(`${pages.url}lab.html#1.broken`)
    await page.getByText('This link cannot be read: a part of it is missing').waitFor()
    expect(await page.locator('.lane').count()).toBe(4)
    await page.getByRole('button', { name: 'All right' }).click()
    await expect.poll(() => page.url()).toMatch(/#1\.[\w-]{100,}$/)
    await page.goto(`${pages.url}lab.html#7.abc`)
    await page.getByText('newer Evenkeel').waitFor()
  })

  test('can be used with the keyboard alone', async () => {
    await page.goto(`${pages.url}lab.html`)
    await page.reload()
    await page.getByRole('button', { name: /^Requests a second/ }).focus()
    await page.keyboard.press('Enter')
    await page.locator('input:focus').waitFor() // Keys go where the focus is: on a slow machine it is still on its way.
    await page.keyboard.press('Control+A')
    await page.keyboard.type('8')
    await page.keyboard.press('Enter')
    const button = page.getByRole('button', { name: 'Requests a second: 8', exact: true })
    await button.waitFor()
    const focused = await page.evaluate('document.activeElement.getAttribute("aria-label")')
    expect(focused).toBe('Requests a second: 8')
    await page.getByRole('button', { name: 'Pause' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Play' }).waitFor()
    await page.keyboard.press('Tab')
    const before = await seconds()
    await page.keyboard.press('Enter')
    await expect.poll(seconds).toBeGreaterThanOrEqual(before)
    await page.locator('.decisions').waitFor()
  })

  test('has no fault that axe finds, and nothing beyond the window', async () => {
    await page.getByRole('button', { name: 'Compare' }).hover() // What is pointed at is to be read, too.
    await faultless(page, 'lab', { looks: ALL_LOOKS })
  })
})
