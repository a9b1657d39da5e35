import { describe, expect, test } from 'vitest'
import type { Verb } from '../../proxy/core/watched.ts'
import { Warden } from '../../proxy/strategy-warden.ts'

const PROGRAM = new URL('strategy-ward-stuck.ts', import.meta.url)
/** In milliseconds; the process has to begin within four times as long. */
const PATIENCE = 600

async function waitFor(verb: Verb, limit = 60_000) {
  let begun = Infinity
  const warden = new Warden({
    program: PROGRAM,
    data: { verb },
    patience: PATIENCE,
    limit,
    onMessage: () => (begun = performance.now()),
  })
  const end = await warden.ended
  return { end, waited: performance.now() - begun }
}

describe.concurrent('what does not come back', () => {
  test('is ended when its time is over', async () => {
    const { end, waited } = await waitFor('pick')
    expect(end).toEqual({ how: 'stuck', verb: 'pick' })
    // The beat that tells of it may come a little before or after the message.
    expect(waited).toBeGreaterThan(PATIENCE / 2)
  })

  test.each(['load', ''] as const)(
    'has four times as long while it is loaded, and between verbs, which is our own code: "%s"',
    async (verb) => {
      const { end, waited } = await waitFor(verb)
      expect(end).toEqual({ how: 'stuck', verb })
      expect(waited).toBeGreaterThan(2 * PATIENCE)
    },
  )

  test('is told as such, and not as too slow, when all of its time is over before', async () => {
    const { end } = await waitFor('load', 6 * PATIENCE)
    expect(end).toEqual({ how: 'stuck', verb: 'load' })
  })
})
