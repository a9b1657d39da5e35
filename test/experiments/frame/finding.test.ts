import { describe, expect, test } from 'vitest'
import { type Finding, judge } from '../../../experiments/frame/finding.ts'
import { estimate, expectation, figure, outcome } from '../../../experiments/frame/words.ts'

function holds(finding: Omit<Finding, 'says'>): boolean {
  return judge({ says: 'x', ...finding } as Finding).holds
}

describe('a finding', () => {
  test('with a range holds if the mean is in it, its ends included', () => {
    expect(holds({ measured: [1, 3], between: [2, 2] } as never)).toBe(true)
    expect(holds({ measured: [1, 3], between: [2.1, 3] } as never)).toBe(false)
    expect(holds({ measured: 5, between: [-Infinity, 5] } as never)).toBe(true)
    expect(holds({ measured: 5.1, between: [-Infinity, 5] } as never)).toBe(false)
  })

  test('that should be above something holds if the whole 95 % interval is', () => {
    // Mean 10, deviation 1, n = 2: the half-width is 12.706 / sqrt(2) = 8.98.
    const measured = [10 - Math.SQRT1_2, 10 + Math.SQRT1_2]
    expect(holds({ measured, above: 1 } as never)).toBe(true)
    expect(holds({ measured, above: 1.1 } as never)).toBe(false)
  })

  test('of theory holds if the 99 % interval covers it', () => {
    // The half-width at 99 % is 63.657 / sqrt(2) = 45.01.
    const measured = [100 - Math.SQRT1_2, 100 + Math.SQRT1_2]
    expect(holds({ measured, theory: 145 } as never)).toBe(true)
    expect(holds({ measured, theory: 145.1 } as never)).toBe(false)
    expect(holds({ measured, theory: 55 } as never)).toBe(true)
  })
})

describe('words', () => {
  test('give three figures, thousands apart, and the unit', () => {
    expect(figure(12_345, 'ms')).toBe('12,300 ms')
    expect(figure(0.123456, '%')).toBe('12.3 %')
    expect(figure(3)).toBe('3')
    expect(figure(-0.5)).toBe('−0.5')
  })

  test('give an estimate down to the second figure of its uncertainty', () => {
    expect(estimate({ mean: 99.3764, half: 4.361 }, 'ms')).toBe('99.4 ± 4.4 ms')
    expect(estimate({ mean: 0.68861, half: 0.0061 }, '%')).toBe('68.86 ± 0.61 %')
    expect(estimate({ mean: 37_553, half: 8991 })).toBe('37,553 ± 8,991')
    expect(estimate({ mean: 5, half: 0 }, 's')).toBe('5 s')
  })

  test('tell what is another from what cannot be told', () => {
    const said = (finding: object): string =>
      outcome(judge({ says: 'x', instead: 'why', ...finding } as Finding))
    // 10 ± 8.98.
    const measured = [10 - Math.SQRT1_2, 10 + Math.SQRT1_2]
    expect(said({ measured, above: 1 })).toBe('holds')
    expect(said({ measured, above: 18.9 })).toBe('cannot be told: why')
    expect(said({ measured, above: 19 })).toBe('does not hold: why')
    expect(said({ measured, between: [18.9, 30] })).toBe('cannot be told: why')
    expect(said({ measured, between: [-5, 1] })).toBe('does not hold: why')
    expect(said({ measured, theory: 60 })).toBe('does not hold: why')
    expect(said({ measured: 5, above: 6 })).toBe('does not hold: why')
  })

  test('say what was expected', () => {
    const said = (finding: object): string =>
      expectation(judge({ says: 'x', measured: 1, ...finding } as Finding))
    expect(said({ between: [0.1, 0.2], unit: '%' })).toBe('10 % to 20 %')
    expect(said({ between: [1, 2], unit: 's' })).toBe('1 to 2 s')
    expect(said({ between: [1, Infinity] })).toBe('above 1')
    expect(said({ above: 0, unit: 'ms' })).toBe('above 0 ms')
    expect(said({ theory: 20, unit: 'ms' })).toBe('20 ms')
  })
})
