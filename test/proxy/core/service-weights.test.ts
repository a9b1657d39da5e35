import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultOfWeight } from '../../../proxy/core/endpoint.ts'
import { type ServiceTarget, serversOf } from '../../../proxy/core/service-weights.ts'

const target = (address: string, rest: Partial<ServiceTarget> = {}): ServiceTarget => ({
  priority: 10,
  weight: 1,
  port: 80,
  addresses: [address],
  ...rest,
})
const weights = (targets: readonly ServiceTarget[], base = 1): (string | number)[][] =>
  serversOf(targets, base).map(({ address, weight }) => [address, weight])

describe('RFC 2782, servers of a service', () => {
  test('have weights in proportion, the heaviest that of the name', () => {
    const targets = [
      target('a', { weight: 60 }),
      target('b', { weight: 30 }),
      target('c', { weight: 20 }),
    ]
    expect(weights(targets)).toEqual([
      ['a', 1],
      ['b', 0.5],
      ['c', expect.closeTo(0.333, 6)],
    ])
    expect(weights(targets, 3)[1]).toEqual(['b', 1.5])
    expect(weights(targets, 0)).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ])
  })

  test('of weight 0 have a very small chance beside others, and equal ones among themselves', () => {
    expect(weights([target('a', { weight: 0 }), target('b', { weight: 7 })])).toEqual([
      ['a', 0.01],
      ['b', 1],
    ])
    expect(weights([target('a', { weight: 0 }), target('b', { weight: 0 })])).toEqual([
      ['a', 1],
      ['b', 1],
    ])
  })

  test('of the lowest priority serve, the others are backups, weighed among themselves', () => {
    const found = serversOf(
      [
        target('c', { priority: 30, weight: 5 }),
        target('a', { priority: 10, weight: 2 }),
        target('b', { priority: 20, weight: 9 }),
        target('gone', { priority: 1, addresses: [] }),
      ],
      1,
    )
    expect(found.map(({ address, backup, weight }) => [address, backup, weight])).toEqual([
      ['c', true, 1],
      ['a', false, 1],
      ['b', true, 1],
    ])
  })

  test('with several addresses share their weight, and one named twice is one', () => {
    expect(weights([target('a', { addresses: ['a', '::1'] }), target('b')])).toEqual([
      ['a', 0.5],
      ['::1', 0.5],
      ['b', 1],
    ])
    const twice = serversOf([target('a'), target('a', { priority: 20 })], 1)
    expect(twice.map(({ backup }) => backup)).toEqual([false])
  })

  test('always have weights that a server can have', () => {
    const number = fc.integer({ min: 0, max: 65_535 })
    const any = fc.record({
      priority: fc.integer({ min: 0, max: 3 }),
      weight: number,
      port: number,
      addresses: fc.array(fc.ipV4(), { maxLength: 3 }),
    })
    const base = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e6, noNaN: true }))
    fc.assert(
      fc.property(fc.array(any), base, (targets, weight) => {
        const found = serversOf(targets, weight)
        for (const each of found) expect(faultOfWeight(each.weight)).toBeUndefined()
        if (found.length > 0) expect(found.some(({ backup }) => !backup)).toBe(true)
      }),
    )
  })
})
