import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'
import { serveStatic, type StaticPages } from '../static-pages.ts'
import { runToEnd, savedFrom } from './at-work.ts'

let browser: TestBrowser
let pages: StaticPages
let opened: TestPage
let page: Page
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-lab-'))
  ;[browser, pages] = await Promise.all([needBrowser(), serveStatic()])
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

const p99 = (of: Page): Promise<string[]> => of.locator('.lane-p99').allInnerTexts()

const saved = (click: () => Promise<void>, name: string): Promise<string> =>
  savedFrom(page, click, join(folder, name))

describe('files that the lab takes and gives', { timeout: 60_000 }, () => {
  test('replays a log that is given to it, and says why one is none', async () => {
    const input = page.locator('input[type=file]')
    const good = join(folder, 'requests.csv')
    const rows = Array.from(
      { length: 2000 },
      (_, i) => `${i / 20},/p${i % 7},k${i % 50},${1 + (i % 13)}`,
    )
    writeFileSync(good, `t,path,key,service_ms\n${rows.join('\n')}\n`)
    await input.setInputFiles(good)
    await page.locator('.log-summary').waitFor()
    expect(await page.locator('.log-summary').innerText()).toMatch(/requests\.csv[^]*2,000/)
    await runToEnd(page)
    expect(await page.locator('.lane-p99').first().innerText()).toMatch(/\d/)
    const bad = join(folder, 'letter.txt')
    writeFileSync(bad, 'Dear all,\nthis is <b>no</b> log.\n')
    await input.setInputFiles(bad)
    await expect
      .poll(() => page.locator('.log-drop .fault').innerText())
      .toMatch(/letter\.txt is no log/)
  })

  test('takes a log that is dropped on it, from the file manager as it were', async () => {
    const drop = page.locator('.log-drop')
    const transfer = await page.evaluateHandle(() => {
      const rows = Array.from({ length: 300 }, (_, i) => `${i / 10},/p,k${i % 3},5`)
      const given = new DataTransfer()
      const text = `t,path,key,service_ms\n${rows.join('\n')}\n`
      given.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }))
      return given
    })
    await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer })
    expect(await drop.getAttribute('data-over')).toBe('true')
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    await expect
      .poll(() => page.locator('.log-summary').innerText())
      .toMatch(/dropped\.csv[^]*300[^]*3 different/)
    expect(await drop.getAttribute('data-over')).toBeNull()
  })

  test('names a log in its link, and whoever drops the same there sees the same numbers', async () => {
    const rows = Array.from({ length: 600 }, (_, i) => `${i / 10},/p,k${i % 3},${100 + (i % 90)}`)
    const own = join(folder, 'shared.csv')
    writeFileSync(own, `t,path,key,service_ms\n${rows.join('\n')}\n`)
    await page.locator('input[type=file]').setInputFiles(own)
    await page.locator('.log-summary').filter({ hasText: 'shared.csv' }).waitFor()
    await expect.poll(() => page.url()).toMatch(/#1\.[\w-]{100,}$/)
    await runToEnd(page)
    const mine = await p99(page)
    const friend = await browser.open(page.url())
    const notice = friend.page.locator('.notice')
    await expect
      .poll(() => notice.innerText())
      .toMatch(/made of the log shared\.csv \(600 requests\).*Drop that file/)
    // The note stays in the address.
    await friend.page.reload()
    await notice.waitFor()
    const other = join(folder, 'other.csv')
    writeFileSync(other, `t,path,key,service_ms\n${rows.slice(1).join('\n')}\n`)
    await friend.page.locator('input[type=file]').setInputFiles(other)
    await friend.page.getByText('The link was made of another log, shared.csv').waitFor()
    await friend.page.goto('about:blank')
    await friend.page.goto(page.url())
    await notice.waitFor()
    await friend.page.locator('input[type=file]').setInputFiles(own)
    await notice.waitFor({ state: 'detached' })
    await runToEnd(friend.page)
    expect(await p99(friend.page)).toEqual(mine)
    await friend.close()
  })

  test('gives away pictures and numbers of what is shown', async () => {
    await page.getByLabel('Scenario', { exact: true }).selectOption('black-hole-to-watch')
    await runToEnd(page)
    const exported = async (name: RegExp, file: string): Promise<Buffer> => {
      await page.getByRole('button', { name: 'Export' }).click()
      return readFileSync(await saved(() => page.getByRole('button', { name }).click(), file))
    }
    const png = await exported(/PNG/, 'lanes.png')
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1A\n')
    const lane = (await page.locator('.lane-canvas').first().boundingBox())!
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
    expect(width).toBeGreaterThan(lane.width)
    expect(height).toBeGreaterThan(3 * lane.height)
    const svg = (await exported(/SVG/, 'distribution.svg')).toString()
    // In a page without a policy, as a viewer of pictures is: it has a style of its own.
    const viewer = await browser.open('about:blank')
    const parsed = await viewer.page.evaluate((text) => {
      const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml')
      return [root.nodeName, root.querySelectorAll('parsererror').length, root.textContent]
    }, svg)
    await viewer.close()
    expect(parsed).toEqual(['svg', 0, expect.stringContaining('least_connections')])
    const csv = (await exported(/Distribution \(CSV/, 'distribution.csv')).toString()
    const [head, ...rows] = csv.trimEnd().split('\n')
    expect(head).toBe('strategy,share,milliseconds')
    for (const name of ['least_connections', 'power_of_two', 'round_robin']) {
      const own = rows.filter((row) => row.startsWith(`"${name}",`)).map((row) => row.split(','))
      expect(own.length).toBeGreaterThan(50)
      expect(own.map(([, share]) => Number(share))).toEqual(
        own.map(([, share]) => Number(share)).toSorted((a, b) => a - b),
      )
      expect(own.every(([, , time]) => Number(time) > 0)).toBe(true)
    }
  })

  test('has the numbers of every picture beside it, for whoever asks', async () => {
    for (const summary of await page.locator('.numbers summary').all()) await summary.click()
    const table = (name: string): Locator => page.getByRole('region', { name })
    const servers = table('Requests at each server').locator('tbody tr')
    await expect.poll(() => servers.count()).toBe(7)
    expect(await servers.last().innerText()).toMatch(/^broken\s+0 served, 0 wait, 3\d\.\d % so far/)
    const slices = table('Over the run').locator('tbody tr')
    await expect.poll(() => slices.count()).toBe(60)
    expect(await slices.last().innerText()).toMatch(/^300 s\s+[\d.]+ m?s\s+\d+\.\d %/)
    await expect.poll(() => table('Response times').locator('tbody tr').count()).toBe(3)
    for (const summary of await page.locator('.numbers summary').all()) await summary.click()
    await expect.poll(() => page.locator('.numbers table').count()).toBe(0)
  })

  test('stops a comparison that takes too long, and says how far it came', async () => {
    await page.getByRole('spinbutton', { name: 'Replications' }).fill('200')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Compare' }).click()
    // So far that a run of each strategy is done, pilots included.
    const progress = page.getByRole('progressbar', { name: 'Progress of the comparison' })
    await expect
      .poll(async () => Number(await progress.getAttribute('value')), { timeout: 30_000 })
      .toBeGreaterThan(0.03)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('button', { name: 'Compare' }).waitFor()
    expect(await page.locator('.verdicts .fault').count()).toBe(0)
    await expect.poll(() => page.locator('.verdicts tbody tr').count()).toBe(3)
    const json = await saved(
      () => page.getByRole('button', { name: 'Save JSON' }).click(),
      'stopped.json',
    )
    const { interrupted, seeds } = JSON.parse(readFileSync(json, 'utf8'))
    expect(interrupted).toBe(true)
    expect(seeds.length).toBeGreaterThan(0)
    expect(seeds.length).toBeLessThan(200)
  })
})
