import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cookieValues, removeCookie, sets } from '../../../proxy/http/cookies.ts'

function removed(fields: readonly string[], name = 'e'): string[] {
  const copy = [...fields]
  removeCookie(copy, name)
  return copy
}

describe('RFC 6265 4.2.1, cookies of a request', () => {
  test('are found by their whole name, in every field, in order, up to as many as are wanted', () => {
    const fields = ['Cookie', 'e=1; ee=2;e=3', 'Host', 'e=4', 'cOOKIE', ' e=5 ;E=6; xe=7']
    expect(cookieValues(fields, 'e', 9)).toEqual(['1', '3', '5'])
    expect(cookieValues(fields, 'e', 2)).toEqual(['1', '3'])
    expect(cookieValues(['Cookie', 'e; e =1; f'], 'e', 9)).toEqual([])
    expect(cookieValues(['Cookie', 'e=a=b'], 'e', 9)).toEqual(['a=b'])
  })

  const cases = [
    ['e=1', undefined],
    ['e=1; a=2', 'a=2'],
    ['a=2; e=1', 'a=2'],
    ['a=2; e=1; b=3', 'a=2; b=3'],
    ['e=1; e=2', undefined],
    ['a=2;e=1;b="x y"; ;c', 'a=2;b="x y"; ;c'],
    ['a=2; ee=1', 'a=2; ee=1'],
    ['a=e=1', 'a=e=1'],
    ['', ''],
  ] as const
  test.each(cases)('"%s" without e is %j', (text, rest) => {
    const fields = ['A', 'b', 'cookie', text, 'C', 'e=1']
    const left = rest === undefined ? [] : ['cookie', rest]
    expect(removed(fields)).toEqual(['A', 'b', ...left, 'C', 'e=1'])
  })

  test('one that is taken out is not found again, and every other byte stays', () => {
    const part = fc.stringMatching(/^[ e=a"\t]{0,6}$/)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const [, rest] = removed(['Cookie', parts.join(';')])
        expect(cookieValues(['Cookie', rest ?? ''], 'e', 9)).toEqual([])
        const others = parts.filter((each) => !/^[ \t]*e=/.test(each))
        const expected = others.join(';')
        if (others.length === parts.length) expect(rest).toBe(expected)
        else expect((rest ?? '').trimStart()).toBe(expected.trimStart())
      }),
    )
  })

  test('one that an answer sets is told by its name', () => {
    expect(['e=1; Path=/', ' e=', 'ee=1', 'a=1; e=2'].map((value) => sets(value, 'e'))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
