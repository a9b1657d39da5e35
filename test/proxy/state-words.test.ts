import { expect, test } from 'vitest'
import { stateWords } from '../../proxy/state-words.ts'

test('a change of state is a line that says what, why, and what was before', () => {
  const say = (from: 'up' | 'gone', to: 'down' | 'gone' | 'checking', reason: string): string =>
    stateWords({ time: 0, server: 'b2', from, to, reason })
  expect(say('up', 'down', 'connect refused')).toBe('b2 is down (connect refused), and was up')
  expect(say('gone', 'checking', '')).toBe('b2 was added to the pool, and is checking')
  expect(say('up', 'gone', 'x')).toBe('b2 was taken out of the pool')
})
