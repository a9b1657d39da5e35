/** `node test/dashboard/picture.ts`: takes the picture in README.md anew, of a lab of a minute in which a server is killed. */
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { needBrowser } from '../support/browser.ts'
import { Program } from '../support/program.ts'

const PICTURE = fileURLToPath(new URL('../../docs/dashboard.png', import.meta.url))

/** Long enough that the charts have something to show; the server is gone for four seconds of it. */
const [BEFORE, AFTER] = [35_000, 25_000]

const WORDS = 'up --algorithm least_connections --rate 300 --port 0 --admin-port 0 --backend-port 0'
using up = new Program('cli.ts', WORDS.split(' '))
while (!/b3 http/.test(up.stdout)) await pause(100)
const [, page] = /· page (\S+)/.exec(up.stdout)!
const [, pid] = /b2 \S+ \(pid (\d+)\)/.exec(up.stdout)!
const browser = await needBrowser()
const opened = await browser.open(page)
await opened.page.setViewportSize({ width: 1280, height: 800 })
await pause(BEFORE)
process.kill(Number(pid), 'SIGKILL')
await pause(AFTER)
await opened.page.screenshot({ path: PICTURE })
await opened.close()
await browser.close()
