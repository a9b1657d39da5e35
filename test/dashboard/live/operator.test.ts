import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ALL_LOOKS, faultless } from '../faultless.ts'
import { type Lab, startLab } from '../lab.ts'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'

/** Ids and paths are whatever somebody gives. */
const EVIL = '<img src=x onerror=document.title=1>'

let browser: TestBrowser
let lab: Lab
let opened: TestPage
let page: Page

beforeAll(async () => {
  browser = await needBrowser()
  lab = await startLab()
  opened = await browser.open(`${lab.admin}/lb/`, /Failed to load resource/)
  page = opened.page
  await page.setViewportSize({ width: 1440, height: 1000 })
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
}, 60_000)

afterAll(async () => {
  await opened.close()
  await browser.close()
  await lab.stop()
})

interface Shown {
  readonly url: string
  readonly state: string
  readonly weight: number
  readonly max: number | null
}

/** What one test leaves open is not in the way of the next. */
afterEach(async () => {
  await page.keyboard.press('Escape')
})

async function servers(): Promise<Record<string, Shown>> {
  const answer = await fetch(`${lab.admin}/servers`)
  const { servers } = (await answer.json()) as { servers: { id: string }[] }
  return Object.fromEntries(servers.map((each) => [each.id, each])) as never
}

async function strategy(): Promise<string> {
  const { strategy } = (await (await fetch(`${lab.admin}/strategy`)).json()) as { strategy: string }
  return strategy
}

const done = (): ReturnType<Page['getByRole']> => page.getByRole('status', { name: 'Done' })
const dialog = (): ReturnType<Page['getByRole']> => page.getByRole('dialog')
const button = (name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

describe('the live page at the admin port', { timeout: 60_000 }, () => {
  test('drains a server by keyboard alone, says what that does, and takes it back', async () => {
    await button('Drain b2').focus()
    await page.keyboard.press('Enter')
    await expect
      .poll(() => dialog().innerText())
      .toMatch(/b2 gets no new requests; .*in flight.*requests a second go to the other 2/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => done().innerText()).toMatch(/b2 drains/)
    expect((await servers())['b2'].state).toBe('drain')
    const state = page.locator('.server').filter({ hasText: 'b2' }).locator('.state')
    await expect.poll(() => state.innerText()).toBe('◐ draining: by an operator')
    await button(/b2 is draining/).waitFor()
    await page.keyboard.press('Control+z')
    await expect.poll(() => done().innerText()).toMatch(/Undone: b2 is ready/)
    expect((await servers())['b2'].state).toBe('ready')
    await expect.poll(() => state.innerText()).toBe('● up')
  })

  test('sets weight and limit, each with what it will do', async () => {
    await button('Weight b1').click()
    await page.getByLabel('Weight', { exact: true }).fill('3')
    expect(await dialog().innerText()).toContain('equal shares, whatever the weight')
    await page.getByLabel('Weight', { exact: true }).fill('none')
    expect(await dialog().innerText()).toContain('A weight is a number')
    expect(await button('Set weight').isDisabled()).toBe(true)
    await page.getByLabel('Weight', { exact: true }).fill('3')
    await button('Set weight').click()
    await expect.poll(async () => (await servers())['b1'].weight).toBe(3)
    await button(/b1 has weight 3, and had 1/).waitFor()
    await button('Limit b1').click()
    await page.getByLabel('Most requests in flight').fill('7')
    await faultless(page, 'live-limit', { looks: ALL_LOOKS, part: 'dialog[open]' })
    await button('Set limit').click()
    await expect.poll(async () => (await servers())['b1'].max).toBe(7)
    await button(/^Undo/).click()
    await expect.poll(async () => (await servers())['b1'].max).toBe(null)
  })

  test('does nothing when somebody else was faster, and says how things are', async () => {
    await button('Weight b3').click()
    const body = JSON.stringify({ weight: 8 })
    const headers = { 'content-type': 'application/json' }
    await fetch(`${lab.admin}/servers/b3`, { method: 'PATCH', headers, body })
    await page.getByLabel('Weight', { exact: true }).fill('2')
    await button('Set weight').click()
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/Somebody else.*weight 8/)
    expect((await servers())['b3'].weight).toBe(8)
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
  })

  test('switches the strategy with options, and back', async () => {
    await button(/switch the strategy/).click()
    await page.getByRole('radio', { name: /power_of_two/ }).check()
    await page.getByLabel('choices').fill('0')
    await expect.poll(() => dialog().innerText()).toContain('choices must be a whole number')
    await page.getByLabel('choices').fill('3')
    await expect.poll(() => dialog().innerText()).toContain('the less busy of two drawn at random')
    await faultless(page, 'live-strategy', { part: 'dialog[open]' })
    await button('Switch').click()
    await expect.poll(strategy).toBe('power_of_two (choices: 3)')
    await button(/Strategy switched from round_robin to power_of_two/).waitFor()
    await button(/^Undo/).click()
    await expect.poll(strategy).toBe('round_robin')
  })

  test('adds a server whose name is markup, which is text, and takes it back', async () => {
    const { url } = (await servers())['b1']
    const added = await fetch(`${lab.admin}/servers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'x'.repeat(60), url }),
    })
    expect(added.status).toBe(201)
    await button('Add a server').click()
    await page.getByLabel('URL').fill(url)
    await page.getByLabel('Name').fill(EVIL)
    await button('Add').click()
    // Names that are no names the proxy refuses, and the page says so in its words.
    const said = page.getByRole('alert').or(done())
    await expect.poll(() => said.allInnerTexts()).not.toEqual(['', ''])
    await page.keyboard.press('Escape')
    await page.locator('.server').nth(3).waitFor()
    expect(await page.locator('.server img').count()).toBe(0)
    await button(`More for ${'x'.repeat(60)}`).click()
    await button(`Remove ${'x'.repeat(60)}`).click()
    await button('Remove').click()
    await expect.poll(async () => Object.keys(await servers()).length).toBeLessThan(5)
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    expect(wide).toBeLessThanOrEqual(0)
  })

  test('adds to the servers that were seen, and takes back what is still as it was', async () => {
    const { url } = (await servers())['b1']
    const weigh = (id: string, weight: number): Promise<Response> =>
      fetch(`${lab.admin}/servers/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ weight }),
      })
    await button('Add a server').click()
    await page.getByLabel('URL').fill(url)
    await page.getByLabel('Name').fill('late')
    await weigh('b1', 2)
    await button('Add').click()
    await expect.poll(() => page.getByRole('alert').innerText()).toMatch(/Somebody else.*b1 at /)
    expect(await servers()).not.toHaveProperty('late')
    await button('Add').click()
    await expect.poll(servers).toHaveProperty('late')
    await weigh('late', 5)
    await button(/^Undo/).click()
    await expect.poll(() => done().innerText()).toMatch(/Could not be undone.*late is .*weight 5/)
    expect(await servers()).toHaveProperty('late')
  })

  test('says why a request went where it went; its path is text', async () => {
    await (await fetch(`${lab.url}/${encodeURI('a')}?<img src=x onerror=document.title=1>`)).text()
    await button('Show requests').click()
    const line = page.locator('.requests tr').filter({ hasText: 'onerror' })
    await line.first().waitFor()
    await line.first().getByRole('button', { name: /Why/ }).click()
    await expect.poll(() => page.locator('.why').innerText()).toMatch(/next in turn|turn/)
    expect(await page.locator('.why tbody tr').count()).toBeGreaterThan(1)
    expect(await page.locator('.requests img').count()).toBe(0)
    await page.locator('.filters select').first().selectOption('b1')
    await expect
      .poll(
        async () =>
          new Set(await page.locator('.requests > .wide tbody td:nth-child(4)').allInnerTexts()),
      )
      .toEqual(new Set(['b1']))
    await page.locator('.filters select').last().selectOption('timeout')
    await page.getByText('No such request among those').waitFor()
    await page.locator('.filters select').last().selectOption('')
    await faultless(page, 'live-requests', { part: '.requests' })
    await button('Hide').click()
  })

  test('lays a simulation of the last minute over what is measured', async () => {
    await button('Simulate what is measured now').click()
    await expect
      .poll(() => page.locator('.compare').innerText(), { timeout: 30_000 })
      .toMatch(/share of b1.*\d %.*points/s)
    expect(await page.locator('.compare').innerText()).toMatch(/differ by at most/)
    expect(await page.locator('.compare').innerText()).toContain('cannot be seen from outside')
    await page.locator('.compare').scrollIntoViewIfNeeded()
    await faultless(page, 'live-compare', { part: '.compare' })
  })

  test('shows numbers in place of each picture', async () => {
    await button('How long it takes as a table').click()
    const table = page.getByRole('region', { name: 'How long it takes, as a table' })
    await expect
      .poll(() => table.innerText())
      .toMatch(/b1\s+p50\s+[\d.]+ ms[^]*b1\s+p95\s+[\d.]+ ms[^]*b1\s+p99/)
    await button('How long it takes as a table').click()
  })

  test('knows what was before it was opened', async () => {
    const late = await browser.open(`${lab.url}/lb/`, /Failed to load resource/)
    await late.page.getByRole('button', { name: 'How much there is as a table' }).click()
    const line = late.page.locator('.chart table tbody tr').first()
    // The server drained above once had nothing: that is in the least of it only if the past is there.
    await expect.poll(() => line.innerText()).toMatch(/b1/)
    expect(await late.page.getByRole('button', { name: /b2 is draining/ }).count()).toBe(1)
    await late.page.getByRole('link', { name: 'at the admin port' }).waitFor()
    expect(await late.page.getByRole('button', { name: /^Drain/ }).count()).toBe(0)
    await late.close()
  })
})
