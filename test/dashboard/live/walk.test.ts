import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { needBrowser } from '../../support/browser.ts'
import { faultless } from '../faultless.ts'

const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))

/** `npm start`, until it says where its page is. */
async function start(): Promise<{ page: string; stop(): void }> {
  const up = spawn(process.execPath, [CLI, 'up', '--port', '0', '--backend-port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const page = await new Promise<string>((resolve, reject) => {
    up.once('exit', () => reject(new Error(text)))
    up.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      const [, found] = /page (http\S+)/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  return { page, stop: () => void up.kill('SIGKILL') }
}

/** By the words on the page alone: what somebody finds who has never seen it. */
test('from npm start to a server that fails fast, why it gets everything, and a link for a friend', async () => {
  const [browser, lab] = await Promise.all([needBrowser(), start()])
  const opened = await browser.open(lab.page)
  const { page } = opened
  const button = (name: string | RegExp): ReturnType<typeof page.getByRole> =>
    page.getByRole('button', { name, exact: typeof name === 'string' })
  await page.setViewportSize({ width: 1440, height: 1000 })
  // Servers are chosen by how busy they are …
  await button(/switch the strategy/).click()
  await page.getByRole('radio', { name: /least_connections/ }).check()
  await button('Switch').click()
  // … and one is broken, …
  await button('Break b1').click()
  const dialog = page.getByRole('dialog')
  await expect
    .poll(() => dialog.innerText(), { timeout: 5000 })
    .toMatch(/Fail at once[^]*as least_connections does/)
  await faultless(page, 'live-break', { part: 'dialog[open]' })
  await dialog.getByRole('button', { name: 'Break it' }).click()
  await button('Mend b1').waitFor()
  // … so that it gets nearly everything, and all of that fails.
  const card = page.getByRole('article').filter({ hasText: 'b1' })
  await expect
    .poll(() => card.innerText(), { timeout: 20_000 })
    .toMatch(/share\s+(5[5-9]|[6-9]\d|100)(\.\d)? %[^]*errors\s+([5-9]\d|100)/)
  await faultless(page, 'live-broken', { part: '.servers' })
  // Why: it has nothing to do whenever somebody looks.
  await button('Show requests').click()
  const failed = page.locator('.requests tr').filter({ hasText: '500' }).first()
  await failed.getByRole('button', { name: /Why/ }).click()
  await expect
    .poll(() => page.locator('.why').innerText())
    .toMatch(/The lowest score[^]*b1\s*chosen\s+0\s/)
  // The same in the simulator, and as a link.
  await button('Simulate what is measured now').click()
  const inLab = page.getByRole('link', { name: 'Open it in the Lab' })
  await expect
    .poll(() => page.locator('.compare').innerText(), { timeout: 30_000 })
    .toMatch(/share of b1\s+[5-9]\d/)
  await inLab.click()
  const rerun = async (at: typeof page): Promise<string> => {
    await at.getByRole('slider', { name: 'Speed', exact: true }).fill('13')
    await at.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 30_000 })
    return at.locator('.lane-figures').innerText()
  }
  const mine = await rerun(page)
  expect(mine).toMatch(/[5-9]\d\.\d %/)
  await button('Copy link').click()
  const friend = await browser.open(page.url())
  expect(await rerun(friend.page)).toBe(mine)
  await friend.close()
  // And back: it is as it was.
  await page.goto(lab.page)
  await button('Mend b1').click()
  await button('Break b1').waitFor()
  await opened.close()
  await browser.close()
  lab.stop()
}, 120_000)
