import { describe, expect, test } from 'vitest'
import type { Verb } from '../../proxy/core/watched.ts'
import { Warden } from '../../proxy/strategy-warden.ts'

const PROGRAM = new URL('strategy-ward-stuck.ts', import.meta.url)
/** In milliseconds; the process begins within four times as long. */
const PATIENCE = 400

async function waitFor(verb: Verb) {
  let begun = Infinity
  const warden = new Warden({
    program: PROGRAM,
    data: { verb },
    patience: PATIENCE,
    limit: 60_000,
    onMessage: () => (begun = performance.now()),
  })
  const end = await warden.ended
  return { end, waited: performance.now() - begun }
}

describe.concurrent('what does not come back', () => {
  test.each(['constructor', 'pick', 'heard'] as const)(
    'is ended when its time is over: %s',
    async (verb) => {
      const { end, waited } = await waitFor(verb)
      expect(end).toEqual({ how: 'stuck', verb })
      // The beat that tells of it may come a little before or after the message.
      expect(waited).toBeGreaterThan(PATIENCE / 2)
    },
  )

  test.each(['load', ''] as const)(
    'has four times as long while it is loaded, and between verbs, which is our own code: "%s"',
    async (verb) => {
      const { end, waited } = await waitFor(verb)
      expect(end).toEqual({ how: 'stuck', verb })
      expect(waited).toBeGreaterThan(2 * PATIENCE)
    },
  )
})
