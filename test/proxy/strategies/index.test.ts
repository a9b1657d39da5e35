import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import {
  findStrategy,
  resolveStrategy,
  STRATEGIES,
  type StrategyEntry,
  type StrategySpec,
} from '../../../proxy/strategies/index.ts'
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

describe('a strategy around another one', () => {
  function resolved(spec: StrategySpec): { factory: StrategyFactory; entry: StrategyEntry } {
    const found = resolveStrategy(spec)
    if ('problems' in found) throw new Error(JSON.stringify(found.problems))
    return found
  }

  function problems(spec: StrategySpec): string[] {
    const found = resolveStrategy(spec)
    if (!('problems' in found)) return []
    return found.problems.map(({ path, name, rule }) => `${path.join('.')}: ${name} ${rule}`)
  }

  test('is given by name or with options, and has one of its own accord', () => {
    const pool = new Pool([1, 1, 1])
    for (const spec of [
      'aperture',
      { name: 'aperture', over: 'rr' },
      { name: 'aperture', over: { name: 'p2c' }, size: 3 },
      { name: 'aperture', over: { name: 'ewma', decay: 500 } },
      { name: 'reported_load', over: { name: 'aperture', over: 'prequal' } },
    ]) {
      const strategy = resolved(spec).factory.create(pool.context())
      strategy.update(pool.servers)
      expect(pool.servers).toContain(strategy.pick(0, 0))
    }
  })

  test('passes on what is wrong, with the place where it is', () => {
    const spec = { name: 'aperture', size: 0, over: { name: 'ewma', decay: -1, colour: 'red' } }
    expect(problems(spec)).toEqual([
      'size: size must be a whole number from 1 to 1000000',
      'over.decay: decay must be a duration above 0 and up to a day',
      'over.colour: colour is not an option',
    ])
    expect(problems({ name: 'aperture', over: 'nothing' })).toEqual([
      expect.stringMatching(/^over: name must be one of round_robin, /),
    ])
    expect(problems({ name: 'aperture', over: 7 })).toEqual(['over: over must be a strategy'])
    expect(problems({ name: 'aperture', over: { size: 3 } })).toHaveLength(1)
  })

  test('cannot be nested forever', () => {
    const endless: { name: string; over?: unknown } = { name: 'aperture' }
    endless.over = endless
    expect(problems(endless)).toEqual([
      'over.over.over.over: over must not be the 5th strategy around each other',
    ])
    const deep = { name: 'aperture', over: { name: 'aperture', over: { name: 'aperture' } } }
    expect(problems(deep)).toEqual([])
  })

  test('promises and needs what the one inside does, as far as that can be', () => {
    const over = (name: string, inner: StrategySpec): ReturnType<typeof resolved> =>
      resolved({ name, over: inner })
    expect(over('reported_load', 'round_robin').factory.promise).toBe('equal')
    expect(over('reported_load', 'weighted_round_robin').factory.promise).toBe('adaptive')
    expect(over('aperture', 'round_robin').factory.promise).toBe('adaptive')
    for (const { name, keyed = false, simulatorOnly = false } of STRATEGIES) {
      const { entry, factory } = over('aperture', name)
      expect(factory.keyed ?? false).toBe(keyed)
      expect(entry.simulatorOnly ?? false).toBe(simulatorOnly)
      expect(entry.name).toBe('aperture')
    }
    expect(over('aperture', 'least_work').entry.simulatorOnly).toBe(true)
    expect(findStrategy('aperture')!.simulatorOnly ?? false).toBe(false)
  })
})
