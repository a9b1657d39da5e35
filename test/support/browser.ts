import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import chromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium as driver, type Page } from 'playwright-core'

/** Chromium for tests: one that is set by CHROMIUM, or the one in the package, unpacked here once and for all. */
const KEPT = fileURLToPath(new URL('../../node_modules/.cache/evenkeel-chromium', import.meta.url))
const PACKAGE = fileURLToPath(new URL('..', import.meta.resolve('@sparticuz/chromium')))

export interface TestBrowser {
  readonly version: string
  /**
   * A page in a context of its own, so without anything that others have kept. `close` throws whatever its console called an error, but
   * for what is `expected`.
   */
  open(url: string, expected?: RegExp): Promise<TestPage>
  close(): Promise<void>
}

export interface TestPage {
  readonly page: Page
  close(): Promise<void>
}

/** Starts Chromium; or says in a text why it cannot be started here. */
export async function startBrowser(): Promise<TestBrowser | string> {
  try {
    const browser = await launch()
    return {
      version: browser.version(),
      open: (url, expected) => open(browser, url, expected),
      close: () => browser.close(),
    }
  } catch (error) {
    return (error as Error).message.split('\n').slice(0, 3).join(' ')
  }
}

/** For tests that are about pages: without a browser they fail, and say why. */
export async function needBrowser(): Promise<TestBrowser> {
  const started = await startBrowser()
  if (typeof started === 'string') throw new Error(started)
  return started
}

async function open(browser: Browser, url: string, expected?: RegExp): Promise<TestPage> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() !== 'error' || expected?.test(message.text()) === true) return
    problems.push(message.text())
  })
  await page.goto(url)
  const close = async (): Promise<void> => {
    await context.close()
    if (problems.length > 0) throw new Error(`the page says: ${problems.join('; ')}`)
  }
  return { page, close }
}

/**
 * The package's own `args` are not taken: they turn off site isolation and web security, so that pages would be tested under other rules
 * than users'. Its system libraries are taken only where the machine has none.
 */
async function launch(): Promise<Browser> {
  const given = process.env['CHROMIUM']
  if (given !== undefined && given !== '') return start(given, {})
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `there is none for ${process.platform} ${process.arch} in the package; CHROMIUM can name one`,
    )
  }
  const folder = await unpacked()
  try {
    return await start(`${folder}/chromium`, {})
  } catch (error) {
    if (!String(error).includes('shared libraries')) throw error
    return start(`${folder}/chromium`, { LD_LIBRARY_PATH: `${folder}/al2023/lib` })
  }
}

function start(executablePath: string, extra: Record<string, string>): Promise<Browser> {
  const env = { ...process.env, ...extra }
  return driver.launch({ executablePath, args: ['--no-sandbox'], env })
}

/**
 * The package unpacks into the temporary folder and takes a file that is there for a whole one, though another process may still be
 * writing it. So each unpacks in a folder of its own, and the first to be ready gives its folder the name that all look for.
 */
async function unpacked(): Promise<string> {
  const { version } = (await import(`${PACKAGE}package.json`, { with: { type: 'json' } })).default
  const folder = `${KEPT}/${version}`
  if (existsSync(folder)) return folder
  const own = `${folder}.${process.pid}`
  await mkdir(own, { recursive: true })
  const { TMPDIR } = process.env
  process.env['TMPDIR'] = own
  try {
    await chromium.executablePath()
    await inflate(`${PACKAGE}bin/al2023.tar.br`)
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
  }
  await rename(own, folder).catch(() => rm(own, { recursive: true, force: true }))
  return folder
}
