import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Verb } from '../../proxy/core/watched.ts'
import { Warden } from '../../proxy/strategy-warden.ts'

const PROGRAM = new URL('strategy-ward-stuck.ts', import.meta.url)
/** In milliseconds of the process's own; to begin it has twenty times as long by the clock on the wall. */
const PATIENCE = 600

async function waitFor(verb: Verb) {
  let begun = Infinity
  const onMessage = (told: unknown): void => void (begun = (told as { at: number }).at)
  const ward = { program: PROGRAM, data: { verb }, patience: PATIENCE, limit: 60_000, onMessage }
  const end = await new Warden(ward).ended
  return { end, waited: performance.timeOrigin + performance.now() - begun }
}

afterEach(() => void vi.restoreAllMocks())

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
})

test.each([
  // A minute on the wall is more than what a verb may take, and less than loading may.
  ['load', 10_000, { how: 'stuck', verb: 'load' }],
  ['load', 20_000, { how: 'late' }],
] as const)(
  'when all of its time is over what is at "%s" is told as stuck or as too slow, by a patience of %s',
  async (verb, patience, expected) => {
    const warden = new Warden({
      program: PROGRAM,
      data: { verb },
      patience,
      limit: 60_000,
      onMessage() {},
    })
    await vi.waitUntil(() => warden['verb'] === verb, 15_000)
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + 61_000)
    expect(await warden.ended).toEqual(expected)
  },
)
