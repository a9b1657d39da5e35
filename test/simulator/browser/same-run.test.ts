import type { Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser, type TestPage } from '../../support/browser.ts'
import { type Bundle, bundle, serve } from './bundle.ts'
import { SCENARIOS } from './scenarios.ts'
import { type Job, told } from './told.ts'

declare const window: { tell: (jobs: readonly Job[]) => Promise<string[]> }

/** From less than the time between two requests up to seconds; none divides another. */
const SLICES = [0, 0.7, 1.3, 13, 100, 333.3, 4999]

const browser = await startBrowser()
const why =
  typeof browser === 'string' ? ` (skipped: Chromium does not start here: ${browser})` : ''
const built: Bundle = await bundle()

test('what a worker needs of the simulator is ours alone, and small', () => {
  expect(built.modules).toContain('simulator/simulation.ts')
  for (const path of built.modules) {
    expect(path).toMatch(
      /^(simulator|proxy\/(core|strategies)|test\/simulator\/browser)\/|^\0rolldown/,
    )
  }
  expect([...built.files.values()].join('')).not.toMatch(/node:|\brequire\(|\bprocess\./)
  expect(built.bytes).toBeGreaterThan(30_000)
  expect(built.bytes).toBeLessThan(150_000)
})

describe.skipIf(typeof browser === 'string')(
  `Chromium and Node, one scenario, one seed${why}`,
  () => {
    let server: Server
    let opened: TestPage
    let whole: string[]
    let sliced: string[]

    beforeAll(async () => {
      if (typeof browser === 'string') return
      const served = await serve(built)
      server = served.server
      opened = await browser.open(served.url)
      const tell = (jobs: readonly Job[]): Promise<string[]> =>
        opened.page.evaluate((given) => window.tell(given), jobs)
      whole = await tell(SCENARIOS.map((scenario) => ({ scenario })))
      sliced = await tell(SCENARIOS.map((scenario) => ({ scenario, slices: SLICES })))
    }, 60_000)

    afterAll(async () => {
      server?.close()
      try {
        await opened?.close()
      } finally {
        if (typeof browser !== 'string') await browser.close()
      }
    })

    test.each(SCENARIOS.map((scenario, index) => ({ name: scenario.name, scenario, index })))(
      'give the same result, byte for byte: $name',
      ({ index, scenario }) => {
        const expected = told({ scenario })
        expect((JSON.parse(expected) as { generated: number }).generated).toBeGreaterThan(1000)
        expect(whole[index]).toBe(expected)
        expect(sliced[index]).toBe(expected)
      },
    )
  },
)
