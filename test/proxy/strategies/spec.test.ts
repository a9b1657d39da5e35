import { expect, test } from 'vitest'
import { resolveStrategy, STRATEGIES, type StrategySpec } from '../../../proxy/strategies/index.ts'
import { Pool } from './pool.ts'

function found(
  spec: StrategySpec,
): Exclude<ReturnType<typeof resolveStrategy>, { problems: unknown }> {
  const resolved = resolveStrategy(spec)
  if ('problems' in resolved) throw new Error(JSON.stringify(resolved.problems))
  return resolved
}

test('a name, an alias, and either with options find the entry, and make its strategy', () => {
  for (const entry of STRATEGIES) {
    for (const name of [entry.name, ...entry.aliases]) {
      for (const spec of [name, { name }]) {
        const { factory, ...rest } = found(spec)
        expect(rest.entry).toBe(entry)
        expect(factory.promise).toBe(entry.promise)
        expect(factory.keyed).toBe(entry.keyed)
        expect(factory.create(new Pool([1, 1]).context()).name).toBe(entry.name)
      }
    }
  }
})

test('an unknown name is a problem of the whole, with all the names that there are', () => {
  const names = STRATEGIES.map(({ name }) => name).join(', ')
  const problem = { path: [], name: 'name', rule: `must be one of ${names}`, unknown: false }
  for (const spec of ['robin', { name: 'robin', choices: 3 }]) {
    expect(resolveStrategy(spec)).toEqual({ problems: [{ ...problem, value: 'robin' }] })
  }
})

test('options that there are not, or that cannot be, are problems at their places', () => {
  for (const { name, options } of STRATEGIES) {
    const wrong = Object.keys(options).map((option) => [option, Symbol('wrong')] as const)
    const resolved = resolveStrategy({ name, speed: 9, ...Object.fromEntries(wrong) })
    const problems = wrong.map(([option, value]) => {
      const rule = `must be ${options[option].range}`
      return { path: [option], name: option, rule, value, unknown: false }
    })
    const stranger = { name: 'speed', rule: 'is not an option', value: 9, unknown: true }
    expect(resolved).toEqual({ problems: [...problems, { ...stranger, path: ['speed'] }] })
  }
})

test('what every option is by itself is what it can be', () => {
  for (const { name, options } of STRATEGIES) {
    const given = Object.entries(options).map(([option, { fallback }]) => [option, fallback])
    const { factory } = found({ name, ...Object.fromEntries(given) })
    expect(factory.create(new Pool([1, 1]).context()).name).toBe(name)
  }
})
