import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../proxy/config.ts'
import type { Values } from '../../proxy/config-given.ts'
import type { StrategySettings } from '../../proxy/settings.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { load, NAMES, ONE, problems } from '../support/configuration.ts'

function strategy(text: string, env: Values = {}, flags: Values = {}): StrategySettings {
  return load(`${ONE}strategy: ${text}`, env, flags).settings.strategy
}

function problem(text: string): string {
  const found = problems(() => strategy(text))
  expect(found).toHaveLength(1)
  return found[0]
}

describe('a strategy', () => {
  it.each([
    ['p2c', 'power_of_two'],
    ['{ name: leastconn }', 'least_connections'],
  ])('%s is known by its own name', (text, name) => expect(strategy(text)).toBe(name))

  it.each([
    [
      '{ name: power_of_tow }',
      'name must be one of',
      ' (did you mean power_of_two?), got "power_of_tow" (lb.yaml:2:19)',
    ],
    ['{ choices: 3 }', 'name is required', ' (lb.yaml:2:11)'],
    ['{ nam: rr }', 'nam is not a key', ': did you mean name? (lb.yaml:2:13)'],
    ['{ fil: ./a.ts }', 'fil is not a key', ': did you mean file? (lb.yaml:2:13)'],
    ['{ name: [rr] }', `name must be one of ${NAMES}`, ', got ["rr"] (lb.yaml:2:19)'],
  ])('%s is refused', (text, start, end) => {
    expect(problem(text).startsWith(`strategy.${start}`)).toBe(true)
    expect(problem(text).endsWith(end)).toBe(true)
  })

  it('that is unknown is told that a file would do', () => {
    expect(problem('rond_robin')).toContain(
      '(did you mean round_robin?), got "rond_robin", or the path of a file like ./my-strategy.ts',
    )
  })

  it.each([['3'], ['[rr]'], ['null']])('%s is neither a name nor a file', (text) => {
    expect(problem(text)).toMatch(/^strategy must be a name, a file or a mapping, got /)
  })
})

describe('options of a strategy', () => {
  it('that are named like what every object has are told as well', () => {
    expect(problem('{ name: power_of_two, __proto__: { choices: 0 } }')).toMatch(
      /^strategy\.__proto__ is not an option of power_of_two: .* \(lb\.yaml:2:33\)$/,
    )
  })

  it.each([
    ['&a { name: aperture, over: *a }', 'over', 38],
    ['{ file: ./own.ts, x: &q [1, *q] }', 'x[1]', 39],
    ['&a { file: ./own.ts, x: { y: *a } }', 'x.y', 40],
  ])('that are part of themselves are refused: %s', (text, path, column) => {
    const place = `(lb.yaml:2:${column})`
    expect(problem(text)).toBe(`strategy.${path} is an alias of what it is part of ${place}`)
  })

  it('may share a part by an alias', () => {
    const given = '{ file: ./own.ts, x: &q [1], y: *q }'
    expect(strategy(given)).toMatchObject({ options: { x: [1], y: [1] } })
  })

  it('that there are not are told with those that there are', () => {
    expect(problem('{ name: rr, choices: 3 }')).toBe(
      'strategy.choices is not an option of round_robin: it has none (lb.yaml:2:23)',
    )
  })

  for (const { name, options, simulatorOnly } of STRATEGIES) {
    for (const [key, option] of Object.entries(options)) {
      if (simulatorOnly === true) continue
      const written = option.duration === true ? `${String(option.fallback)}ms` : option.fallback
      const given = `{ name: ${name}, ${key}: ${JSON.stringify(written)} }`

      it(`${given} is understood`, () => {
        const expected = { name, [key]: option.fallback }
        expect(strategy(given)).toEqual(expected)
      })

      it(`${key} of ${name} is refused when it is out of range, and guessed when it is misspelt`, () => {
        const rule = option.range === 'a strategy' ? 'must be one of' : `must be ${option.range}`
        const start = option.duration === true ? 'must be a duration' : rule
        expect(problem(`{ name: ${name}, ${key}: "?" }`)).toContain(`strategy.${key} ${start}`)
        expect(problem(`{ name: ${name}, ${key}x: 1 }`)).toContain(
          `strategy.${key}x is not an option of ${name}: did you mean`,
        )
      })

      if (option.duration === true) {
        it(`${key} of ${name} needs a unit, as times do everywhere`, () => {
          expect(problem(`{ name: ${name}, ${key}: 10 }`)).toContain(
            `strategy.${key} must be a duration with a unit like 500ms, 2s or 1m, got 10 (`,
          )
        })
      }
    }
  }

  it('of a strategy inside of another are checked likewise', () => {
    expect(problem('{ name: aperture, over: { name: p2c, choises: 3 } }')).toBe(
      'strategy.over.choises is not an option of power_of_two: did you mean choices? (lb.yaml:2:48)',
    )
    expect(problem('{ name: aperture, over: { name: peak_ewma, decay: 10 } }')).toContain(
      'strategy.over.decay must be a duration with a unit',
    )
    expect(problem('{ name: aperture, over: p2d }')).toMatch(
      /^strategy\.over must be one of (?!.*least_work).* \(did you mean p2c\?\), got "p2d"/,
    )
    for (const file of ['./a.ts', '{ file: ./a.ts }']) {
      expect(problem(`{ name: aperture, over: ${file} }`)).toContain(
        'strategy.over must be one of ours: a file of your own goes with no strategy around it, got "./a.ts" (lb.yaml:2:',
      )
    }
    expect(problem('{ name: aperture, over: least_work }')).toContain(
      'strategy.over is for the simulator only: it needs',
    )
    expect(strategy('{ name: aperture, over: { name: peak_ewma, decay: 10s } }')).toEqual({
      name: 'aperture',
      over: { name: 'peak_ewma', decay: 10_000 },
    })
  })

  for (const { name } of STRATEGIES.filter((entry) => entry.simulatorOnly === true)) {
    it(`${name} is refused, because only the simulator can know what it asks`, () => {
      expect(problem(name)).toContain(`strategy ${name} is for the simulator only: it needs`)
    })
  }
})

describe('a file of a strategy', () => {
  const options = {}

  it.each(['./mine.ts', 'mine.ts', 'lib/mine.js', 'mine.mjs', '/a/mine.ts', 'mine.mts'])(
    '%s is told from a name',
    (path) => expect(strategy(path)).toEqual({ file: resolve(path), options }),
  )

  it('is sought from the folder of the configuration, if that names it', () => {
    const readFile = (): string => `${ONE}strategy: ./mine.ts\n`
    const from = (env: Values): StrategySettings =>
      loadSettings({ env, flags: { config: 'etc/lb.yaml' }, readFile }).settings.strategy
    expect(from({})).toEqual({ file: resolve('etc/mine.ts'), options })
    expect(from({ ALGORITHM: './mine.ts' })).toEqual({ file: resolve('mine.ts'), options })
  })

  it('may have options, which are its own affair', () => {
    expect(strategy('{ file: ./mine.ts, choices: 3, decay: 10s }')).toEqual({
      file: resolve('mine.ts'),
      options: { choices: 3, decay: '10s' },
    })
  })

  it.each([
    [
      '{ file: ./mine.ts, name: rr }',
      'strategy.file goes without a name: give one of the two (lb.yaml:2:19)',
    ],
    ['{ file: 3 }', 'strategy.file must be the path of a file, got 3 (lb.yaml:2:19)'],
  ])('%s is refused', (text, message) => expect(problem(text)).toBe(message))
})

describe('weights of servers', () => {
  it.each([
    ['0.0001', 'must be 0, or at least 0.001, got 0.0001'],
    ['1000001', 'must be at most 1000000, got 1000001'],
    ['.inf', 'must be at most 1000000, got Infinity'],
    ['-3', 'must be at least 0, got -3'],
  ])('%s is out of range', (weight, message) => {
    const found = problems(() => load(`servers: [{ url: http://a, weight: ${weight} }]`))
    expect(found).toEqual([`servers[0].weight ${message} (lb.yaml:1:36)`])
  })
})
