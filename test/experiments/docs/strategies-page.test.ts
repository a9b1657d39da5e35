import { describe, expect, test } from 'vitest'
import { cellsOf, inStep, namesOf } from '../../../experiments/docs/strategies-page.ts'
import { choice, duration, whole } from '../../../proxy/core/options.ts'
import type { StrategyEntry } from '../../../proxy/strategies/index.ts'

function entry(name: string, more: Partial<StrategyEntry> = {}): StrategyEntry {
  const create = (): never => {
    throw new Error('nobody makes one here')
  }
  const summary = `what ${name} does`
  return { name, aliases: [], summary, promise: 'equal', claims: [], options: {}, create, ...more }
}

const strategies = [
  entry('b', {
    aliases: ['bee', 'be'],
    options: { choices: whole(2, 16, 3, 'how many'), decay: duration(10_000, 'how long') },
  }),
  entry('a', { options: { ties: choice(['x', 'y'], 'y', 'who'), nap: duration(5, 'of what') } }),
]

const page = `# Title

| strategy | also | idea | cost |
| --- | --- | --- | --- |
| [\`a\`](a.ts) | \`old\` | what was | cheap |
| [\`later\`](later.ts) | | | unknown |
| [\`b\`](b.ts) | | | dear |

Prose about \`a\`.

| strategy | take it |
| --- | --- |
| \`a\` | always |
| \`b\` | never |

<!-- options -->
old
<!-- /options -->

| there | here |
| --- | --- |
| \`a\` of others | \`b\` |
`

describe('in step with the registry', () => {
  const lines = inStep(page, strategies).split('\n')

  test('rows are in its order, with its names and words; the rest is left as it was', () => {
    expect(lines.slice(0, 9)).toEqual([
      '# Title',
      '',
      '| strategy | also | idea | cost |',
      '| --- | --- | --- | --- |',
      '| [`b`](b.ts) | `bee`, `be` | what b does | dear |',
      '| [`a`](a.ts) |  | what a does | cheap |',
      '| [`later`](later.ts) | | | unknown |',
      '',
      'Prose about `a`.',
    ])
    expect(lines.slice(10, 14)).toEqual([
      '| strategy | take it |',
      '| --- | --- |',
      '| `b` | never |',
      '| `a` | always |',
    ])
    expect(lines.at(-2)).toBe('| `a` of others | `b` |')
  })

  test('options stand with what they can be and what they are by themselves', () => {
    expect(lines.slice(15, 23)).toEqual([
      '<!-- options -->',
      '| strategy | option | what it sets | can be | default |',
      '| --- | --- | --- | --- | --- |',
      '| `b` | `choices` | how many | a whole number from 2 to 16 | `3` |',
      '| `b` | `decay` | how long | a duration above 0 and up to a day | `10s` |',
      '| `a` | `ties` | who | one of x, y | `y` |',
      '| `a` | `nap` | of what | a duration above 0 and up to a day | `5ms` |',
      '<!-- /options -->',
    ])
  })

  test('it stays as it is, also where one has no options', () => {
    for (const some of [strategies, [strategies[0], entry('a')]]) {
      const once = inStep(page, some)
      expect(inStep(once, some)).toBe(once)
    }
  })

  test('a strategy without a row, or a page without a place for options, is an error', () => {
    expect(() => inStep(page, [...strategies, entry('c')])).toThrow('no row for c under | strategy')
    expect(() => inStep(page.replace('<!-- options -->', ''), strategies)).toThrow(/has no <!--/)
  })
})

test('names and cells can be read', () => {
  expect(namesOf(page)).toEqual(['a', 'later', 'b'])
  expect(cellsOf(page, 'later')).toEqual(['[`later`](later.ts)', '', '', 'unknown'])
  expect(() => cellsOf(page, 'c')).toThrow('no row for c')
})
