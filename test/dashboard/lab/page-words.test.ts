import { expect, test } from 'vitest'
import { pageWords } from '../../../dashboard/lab/page-words.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { tooShort } from '../../../simulator/study/too-short.ts'
import { Inspection } from '../../../simulator/trace/inspection.ts'
import { readTrace, TraceReader } from '../../../simulator/trace/reader.ts'

const SHORT: Scenario = {
  name: 'short',
  seed: 1,
  duration: 19_000,
  arrivals: { type: 'poisson', rate: 81 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 2, speed: 0.5 }],
  strategy: 'random',
}

test('a run that is too short is to be longer, not given an option', () => {
  expect(pageWords(tooShort(SHORT, 'steady')!)).toMatch(/shows that\. Let it run for longer$/)
})

test('what is no log is told with the line, and what can be done elsewhere', () => {
  let said = ''
  try {
    readTrace('hello world\nhow are you\n')
  } catch (error) {
    said = (error as Error).message
  }
  expect(pageWords(said)).toBe(
    'nobody can tell from line 1 how it is written, which is "hello world". ' +
      '“evenkeel trace convert --log-format” on a terminal can be told',
  )
})

test('a clock of whole seconds is told with the whole command', () => {
  const inspection = new Inspection()
  const reader = new TraceReader({}, (entry) => inspection.add(entry))
  reader.chunk('t\n0\n1\n5\n')
  reader.end()
  const [warning] = inspection.figures(reader).warnings
  expect(pageWords(warning)).toMatch(/never were; “evenkeel trace convert --spread” on a terminal/)
})

test('all else stays as it is', () => {
  expect(pageWords('Nothing to be precise about.')).toBe('Nothing to be precise about.')
})
