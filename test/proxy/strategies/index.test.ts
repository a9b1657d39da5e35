import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy, STRATEGIES } from '../../../proxy/strategies/index.ts'
import { Pool } from './pool.ts'

test('names and aliases are unique, and find their entry', () => {
  const names = STRATEGIES.flatMap((entry) => [entry.name, ...entry.aliases])
  expect(new Set(names).size).toBe(names.length)
  for (const entry of STRATEGIES) {
    for (const name of [entry.name, ...entry.aliases]) expect(findStrategy(name)).toBe(entry)
  }
  expect(findStrategy('toString')).toBeUndefined()
})

test('a strategy calls itself what the registry calls it, and has a line for lists', () => {
  for (const entry of STRATEGIES) {
    expect(entry.create(new Pool([1, 1]).context(new Rng(1))).name).toBe(entry.name)
    expect(entry.summary).toMatch(/^[^\n]{10,80}$/)
  }
})
