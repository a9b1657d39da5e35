import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

/** As fast as it goes, to the end. */
async function runToEnd(): Promise<void> {
  await page.getByRole('slider', { name: 'Speed', exact: true }).fill('13')
  if (await page.getByRole('button', { name: 'Play' }).isVisible()) {
    await page.getByRole('button', { name: 'Play' }).click()
  }
  await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 30_000 })
}

async function saved(click: () => Promise<void>, name: string): Promise<string> {
  const waiting = page.waitForEvent('download')
  await click()
  const path = join(folder, name)
  await (await waiting).saveAs(path)
  return path
}

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
    await runToEnd()
    const before = await p99()
    await page.getByRole('slider', { name: 'Time' }).fill('90000')
    await expect.poll(seconds).toBe(90)
    expect(await p99()).not.toEqual(before)
    await runToEnd()
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
    await runToEnd()
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
    await runToEnd()
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
    const json = await saved(() => button.click(), 'page.json')
    await page.getByRole('button', { name: 'Export' }).click()
    const yaml = await saved(
      () => page.getByRole('button', { name: /YAML/ }).click(),
      'scenario-of-page.yaml',
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
    await runToEnd()
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
    expect(await page.getByRole('button', { name: 'Copy link' }).isDisabled()).toBe(true)
  })

  test('gives away pictures and numbers of what is shown', async () => {
    await page.getByLabel('Scenario', { exact: true }).selectOption('black-hole-to-watch')
    await runToEnd()
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
    expect(await servers.count()).toBe(7)
    expect(await servers.last().innerText()).toMatch(/^broken\s+0 served, 0 wait, 3\d\.\d % so far/)
    const slices = table('Over the run').locator('tbody tr')
    expect(await slices.count()).toBe(60)
    expect(await slices.last().innerText()).toMatch(/^300 s\s+[\d.]+ m?s\s+\d+\.\d %/)
    expect(await table('Response times').locator('tbody tr').count()).toBe(3)
    for (const summary of await page.locator('.numbers summary').all()) await summary.click()
    await expect.poll(() => page.locator('.numbers table').count()).toBe(0)
  })

  test('stops a comparison that takes too long, and says how far it came', async () => {
    await page.getByRole('spinbutton', { name: 'Replications' }).fill('200')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Compare' }).click()
    // So far that a run of each strategy is done.
    const progress = page.getByRole('progressbar', { name: 'Progress of the comparison' })
    await expect
      .poll(async () => Number(await progress.getAttribute('value')), { timeout: 30_000 })
      .toBeGreaterThan(0.03)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('button', { name: 'Compare' }).waitFor()
    expect(await page.locator('.verdicts .fault').count()).toBe(0)
    expect(await page.locator('.verdicts tbody tr').count()).toBe(3)
    const json = await saved(
      () => page.getByRole('button', { name: 'Save JSON' }).click(),
      'stopped.json',
    )
    const { interrupted, seeds } = JSON.parse(readFileSync(json, 'utf8'))
    expect(interrupted).toBe(true)
    expect(seeds.length).toBeGreaterThan(0)
    expect(seeds.length).toBeLessThan(200)
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
