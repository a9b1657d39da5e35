import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { mix32 } from '../../../proxy/core/hash.ts'
import { HashScores } from '../../../proxy/core/hash-scores.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { serverHash } from '../../../proxy/core/server-hash.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'

function serversOf(weights: readonly number[]): Endpoint[] {
  return weights.map((weight, slot) => {
    const server = new Endpoint(`s${slot}`, { weight })
    server.slot = slot
    return server
  })
}

function scoresOf(servers: readonly Endpoint[]): HashScores {
  const scores = new HashScores()
  scores.update(servers)
  return scores
}

/** As it is written in the papers: everybody's score, with its logarithm. */
function scoreOf(server: Endpoint, key: number): number {
  const [first, second] = serverHash(server.id)
  const bits = mix32(mix32(key) ^ first) ^ second
  return -server.weight / Math.log((bits + 2 ** 31 + 0.5) / 2 ** 32)
}

function bestOf(servers: readonly Endpoint[], key: number): Endpoint {
  return servers.reduce((best, each) => (scoreOf(each, key) > scoreOf(best, key) ? each : best))
}

function countsOf(servers: readonly Endpoint[], scores: HashScores, keys: number): number[] {
  const rng = new Rng(1)
  const counts = servers.map(() => 0)
  for (let i = 0; i < keys; i++) counts[servers.indexOf(scores.find(rng.next())!)]++
  return counts
}

describe('the winner is who has the highest score -w / ln u', () => {
  test('with equal weights, where no logarithm is taken', () => {
    const weights = fc.tuple(fc.constantFrom(0.001, 1, 3, 1e6), fc.integer({ min: 2, max: 20 }))
    fc.assert(
      fc.property(weights, fc.nat(0xffffffff), ([weight, n], key) => {
        const servers = serversOf(Array.from({ length: n }, () => weight))
        expect(scoresOf(servers).find(key)).toBe(bestOf(servers, key))
      }),
      { numRuns: 2000 },
    )
  })

  test('with others, where it is spared those that would lose anyway', () => {
    const weights = fc.array(fc.constantFrom(0.001, 0.25, 1, 1.1, 7, 1e6), {
      minLength: 2,
      maxLength: 20,
    })
    fc.assert(
      fc.property(weights, fc.nat(0xffffffff), (weights, key) => {
        const servers = serversOf(weights)
        expect(scoresOf(servers).find(key)).toBe(bestOf(servers, key))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('shares are as due, up to chance (500,000 keys, one false alarm in a million)', () => {
  test.each([
    ['equal weights', Array.from({ length: 10 }, () => 1)],
    ['many servers', Array.from({ length: 100 }, () => 2)],
    ['unequal weights', [1, 2, 3, 4, 0.5, 1, 10]],
  ])('%s', (_, weights) => {
    const servers = serversOf(weights)
    const counts = countsOf(servers, scoresOf(servers), 500_000)
    expect(chiSquare(counts, weights)).toBeLessThan(chiSquareLimit(weights.length))
  })

  test('two whose first hashes are the same', () => {
    const servers = serversOf([1, 1])
    const scores = scoresOf(servers)
    ;(scores as unknown as { first: Int32Array }).first.fill(7)
    expect(chiSquare(countsOf(servers, scores, 500_000))).toBeLessThan(chiSquareLimit(2))
  })
})

test('of equal scores the smaller id wins, whoever came first', () => {
  for (const weights of [
    [1, 1, 1],
    [1, 2, 2], // The logarithms of equal bits are equal, and the heavier win.
  ]) {
    const servers = serversOf(weights)
    const scores = scoresOf(servers.toReversed())
    const inside = scores as unknown as { first: Int32Array; second: Int32Array }
    inside.first.fill(7)
    inside.second.fill(7)
    const winner = weights[0] === 1 && weights[1] === 1 ? servers[0] : servers[1]
    for (let key = 0; key < 20; key++) expect(scores.find(key)).toBe(winner)
  }
})

test('whoever is full is passed over as if it were not there; if all are, there is nobody', () => {
  const weights = fc.constantFrom([1, 1, 1, 1, 1], [1, 2, 1, 0.5, 3])
  const fulls = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })
  fc.assert(
    fc.property(weights, fulls, fc.nat(0xffffffff), (weights, full, key) => {
      const servers = serversOf(weights)
      const open = servers.filter((_, i) => !full[i])
      const found = scoresOf(servers).find(key, Uint8Array.from(full, Number))
      expect(found).toBe(open.length === 0 ? undefined : bestOf(open, key))
    }),
    { numRuns: 500 },
  )
})

test('what was known before makes no difference, whoever comes, goes or changes its weight', () => {
  const weights = fc.array(fc.constantFrom(0.25, 1, 1, 7), { minLength: 4, maxLength: 12 })
  const sets = fc.array(fc.array(fc.nat(11), { minLength: 1 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(weights, sets, fc.nat(0xffffffff), (weights, sets, key) => {
      const scores = new HashScores()
      sets.forEach((set, turn) => {
        // Others each time, of the same names.
        const all = serversOf(weights.map((weight, i) => (i === turn ? 3 : weight)))
        const here = all.filter((_, i) => i === 0 || set.includes(i)).toReversed()
        scores.update(here)
        for (let i = 0; i < 20; i++) {
          expect(scores.find(key + i)).toBe(scoresOf(here).find(key + i))
        }
      })
    }),
  )
})
