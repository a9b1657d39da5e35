import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Expression } from '../../../simulator/trace/expression.ts'

function value(text: string, names: Record<string, number> = {}): number {
  const expression = new Expression(text)
  return expression.value(expression.names.map((name) => names[name]))
}

describe('an expression', () => {
  test.each([
    ['1+2*3', 7],
    ['(1+2)*3', 9],
    ['8/4/2', 1],
    ['10-4-3', 3],
    ['-2*-3', 6],
    ['--2', 2],
    ['1.5e3 + .5', 1500.5],
    [' a *b + "a b"/2 ', 2 * 3 + 2],
    ['a+a', 4],
  ])('%s comes to what arithmetic says', (text, expected) => {
    expect(value(text, { a: 2, b: 3, 'a b': 4 })).toBe(expected)
  })

  test('names each column once', () => {
    expect(new Expression('1*ContextTokens+20*GeneratedTokens+ContextTokens').names).toEqual([
      'ContextTokens',
      'GeneratedTokens',
    ])
  })

  test('agrees with JavaScript on whatever is made of its parts', () => {
    const tree = fc.letrec<{ sum: string }>((tie) => ({
      sum: fc.oneof(
        { maxDepth: 5 },
        fc.nat(99).map(String),
        fc
          .tuple(tie('sum'), fc.constantFrom('+', '-', '*', '/'), tie('sum'))
          .map((all) => all.join(' ')),
        tie('sum').map((inner) => `(${inner})`),
        tie('sum').map((inner) => `-(${inner})`),
      ),
    }))
    fc.assert(
      fc.property(tree.sum, (text) => {
        expect(value(text)).toBe(runInNewContext(text))
      }),
    )
  })

  test.each([
    ['', 'the expression "" needs a number, a name or a parenthesis at its end'],
    ['1+', 'the expression "1+" needs a number, a name or a parenthesis at its end'],
    ['1 2', 'the expression "1 2" needs an operator in front of "2"'],
    ['(1', 'the expression "(1" needs a closing parenthesis at its end'],
    ['1)', 'the expression "1)" needs an operator in front of ")"'],
    ['*1', 'the expression "*1" needs a number, a name or a parenthesis in front of "*1"'],
    ['a;b', 'the expression "a;b" needs an operator in front of ";b"'],
    ['constructor("x")', 'needs an operator in front of "("x")"'],
    ['('.repeat(5000), 'nested too deeply'],
  ])('%j is refused', (text, message) => {
    expect(() => new Expression(text)).toThrow(message)
  })
})
