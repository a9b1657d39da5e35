import type { Page } from 'playwright-core'

/** As fast as it goes, to the end. */
export async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('slider', { name: 'Speed', exact: true }).fill('13')
  if (await page.getByRole('button', { name: 'Play' }).isVisible()) {
    await page.getByRole('button', { name: 'Play' }).click()
  }
  await page.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 30_000 })
}

/** What the page gives when it is clicked, kept in that file. */
export async function savedFrom(
  page: Page,
  click: () => Promise<void>,
  path: string,
): Promise<string> {
  const waiting = page.waitForEvent('download')
  await click()
  await (await waiting).saveAs(path)
  return path
}
