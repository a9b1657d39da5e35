import { describe, expect, test } from 'vitest'
import { type Found, NameWatch } from '../../../proxy/core/name-watch.ts'
import { Rng } from '../../../proxy/core/rng.ts'

const options = { minTtl: 1000, maxTtl: 60_000, hold: 30_000 }
const watching = (): NameWatch => new NameWatch(options, new Rng(1))
const at = (address: string, rest: Partial<Found> = {}): Found => ({
  address,
  port: 80,
  weight: 1,
  backup: false,
  ...rest,
})
const found = (...list: Found[]) => ({ type: 'found', found: list, ttl: 5000 }) as const
const none = { type: 'none', reason: 'NXDOMAIN', ttl: 5000 } as const
const failed = { type: 'failed', reason: 'SERVFAIL' } as const
const addresses = (list: readonly Found[]): string[] => list.map(({ address }) => address)

describe('a name that is watched', () => {
  test('tells who comes, who goes and who has changed, and nothing of the others', () => {
    const watch = watching()
    expect(addresses(watch.heard(found(at('a'), at('b'), at('c')), 0).add)).toEqual(['a', 'b', 'c'])
    const changes = watch.heard(found(at('d'), at('c', { weight: 2 }), at('a')), 0)
    expect(addresses(changes.add)).toEqual(['d'])
    expect(addresses(changes.remove)).toEqual(['b'])
    expect(changes.change).toEqual([at('c', { weight: 2 })])
    expect(watch.heard(found(at('a'), at('c', { weight: 2 }), at('d')), 0)).toEqual({
      add: [],
      remove: [],
      change: [],
    })
    expect(watch.heard(found(at('a', { port: 81 })), 0).add).toEqual([at('a', { port: 81 })])
  })

  test('is asked for again when its answer is no good any more, a little later, and within bounds', () => {
    const watch = watching()
    for (const [ttl, least] of [
      [5000, 5000],
      [0, 1000],
      [86_400_000, 60_000],
      [Infinity, 60_000],
    ]) {
      watch.heard({ type: 'found', found: [at('a')], ttl }, 100)
      expect(watch.nextAt).toBeGreaterThanOrEqual(100 + least)
      expect(watch.nextAt).toBeLessThanOrEqual(100 + least * 1.1)
    }
    const times = [1, 2, 3].map((seed) => {
      const other = new NameWatch(options, new Rng(seed))
      other.heard(found(at('a')), 0)
      return other.nextAt
    })
    expect(new Set(times).size).toBe(3)
  })

  test('that is gone keeps its servers for a while, and then has none', () => {
    const watch = watching()
    watch.heard(found(at('a')), 0)
    expect(watch.heard(none, 1000).remove).toEqual([])
    expect(watch.trouble).toBe('NXDOMAIN')
    // Nobody being able to say does not begin the time anew.
    watch.heard(failed, 20_000)
    expect(watch.heard(none, 30_000).remove).toEqual([])
    expect(watch.nextAt).toBeLessThanOrEqual(31_000)
    expect(watch.heard(none, 31_000).remove).toEqual([at('a')])
    expect(watch.heard(none, 32_000).remove).toEqual([])
    expect(watch.heard(found(at('a')), 33_000).add).toEqual([at('a')])
    expect(watch.trouble).toBe('')
  })

  test('that comes back in time has lost nothing, and has the whole time again', () => {
    const watch = watching()
    watch.heard(found(at('a')), 0)
    watch.heard(none, 1000)
    expect(watch.heard(found(at('a')), 30_000)).toEqual({ add: [], remove: [], change: [] })
    expect(watch.heard(none, 31_500).remove).toEqual([])
  })

  test('keeps its servers for good while nobody can say, and asks less and less often', () => {
    const watch = watching()
    watch.heard(found(at('a')), 0)
    const pauses = Array.from({ length: 12 }, () => {
      expect(watch.heard(failed, 1e9).remove).toEqual([])
      return watch.nextAt - 1e9
    })
    expect(watch.trouble).toBe('SERVFAIL')
    for (const [i, pause] of pauses.entries()) {
      const least = Math.min(1000 * 2 ** i, 60_000)
      expect(pause).toBeGreaterThanOrEqual(least)
      expect(pause).toBeLessThanOrEqual(least * 1.1)
    }
    expect(watch.known).toEqual([at('a')])
  })
})
