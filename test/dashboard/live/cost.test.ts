import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needBrowser, type TestBrowser, type TestPage } from '../../support/browser.ts'
import { Staged } from './staged.ts'

/** Snapshots a second, of eight servers; SOAK is how many seconds that goes on. */
const RATE = 4
const LENGTH = Number(process.env['SOAK'] ?? 8)

let browser: TestBrowser
let staged: Staged
let opened: TestPage
let devtools: CDPSession

beforeAll(async () => {
  browser = await needBrowser()
  staged = await new Staged(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8']).listen()
  staged.seconds(900, 20)
  opened = await browser.open(staged.url)
  await opened.page.setViewportSize({ width: 1440, height: 1000 })
  staged.seconds(1)
  await opened.page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  devtools = await opened.page.context().newCDPSession(opened.page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
}, 60_000)

afterAll(async () => {
  await opened.close()
  await browser.close()
  staged.close()
})

async function measured(): Promise<Record<string, number>> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

async function watch(seconds: number): Promise<void> {
  for (let i = 0; i < seconds * RATE; i++) {
    staged.seconds(1)
    await sleep(1000 / RATE)
  }
}

describe(
  'the live page with eight servers, at four snapshots a second',
  { timeout: 7_200_000 },
  () => {
    test('is painted within a second of its first byte', async () => {
      const paint = await opened.page.evaluate(
        `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
      )
      expect(paint).toBeLessThan(1000)
    })

    test('costs less than 15 % of a core, and keeps no more than its rows', async () => {
      await watch(2)
      const before = await measured()
      const began = performance.now()
      await watch(LENGTH)
      const elapsed = (performance.now() - began) / 1000
      const after = await measured()
      const busy = (after['TaskDuration'] - before['TaskDuration']) / elapsed
      const growth = after['JSHeapUsedSize'] - before['JSHeapUsedSize']
      const nodes = after['Nodes'] - before['Nodes']
      console.log({ busy, growth, nodes, heap: after['JSHeapUsedSize'], seconds: elapsed })
      expect(busy).toBeLessThan(0.15)
      // A row of eight servers is some 3 KB; the oldest go after an hour.
      const rows = Math.min(3600, LENGTH * RATE)
      expect(growth).toBeLessThan(2_000_000 + rows * 4000)
      expect(nodes).toBeLessThan(500)
    })
  },
)
