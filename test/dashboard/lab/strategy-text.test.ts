import { describe, expect, test } from 'vitest'
import { readStrategy } from '../../../dashboard/lab/setup/strategy-text.ts'
import { contendersOf } from '../../../experiments/sim/contenders.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'

describe('a strategy that is typed', () => {
  test.each([
    ...STRATEGIES.map(({ name }) => name),
    'rr',
    ' p2c ',
    'power_of_two{choices: 3}',
    'power_of_two{choices: 3, replacement: true, draw: weight}',
    'power_of_two {choices: 3}',
    'power_of_two{ "draw": "weight", }',
    "edf{phase: 'full'}",
    'peak_ewma{decay: 2s}',
    'least_response_time{decay: 1500}',
    'bounded_load{factor: 1.5}',
    'aperture{size: 4, over: {name: power_of_two, choices: 3}}',
    'aperture{size: 4, over: random}',
  ])('is read as the command line reads it: %s', (text) => {
    expect(readStrategy(text)).toEqual(contendersOf([text])[0])
  })

  test.each([
    ['least_conections', 'did you mean least_connections?'],
    ['power_of_two{choices: 0}', 'choices must be a whole number from 1 to 16'],
    ['power_of_two{choises: 3}', 'choices'],
    ['power_of_two{choices: 3', 'its end'],
    ['power_of_two{choices: 3}}', '"}"'],
    ['power_of_two{choices 3}', '"}"'],
    ['', 'there is no strategy'],
  ])('and is wrong says what is: %s', (text, words) => {
    const read = readStrategy(text)
    expect('fault' in read && read.fault).toContain(words)
  })
})
