import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'

const seeds = fc.integer({ min: 0, max: 0xffffffff })

function draws(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => rng.next())
}

test('the same seed gives the same stream', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(draws(new Rng(seed), 50)).toEqual(draws(new Rng(seed), 50))
    }),
  )
})

test('a seed keeps its numbers from release to release', () => {
  // Changing these changes the numbers of every simulation: say so in CHANGELOG.md.
  const golden = [2513577915, 3600324531, 2484002611, 3159994357]
  expect(draws(new Rng(1), 4)).toEqual(golden)
})

test('next follows the recurrence of sfc32', () => {
  // PractRand's definition in unsigned arithmetic, against the state of a generator that has run for a while.
  const rng = new Rng(42)
  let { a, b, c, counter } = rng as unknown as Record<'a' | 'b' | 'c' | 'counter', number>
  for (let i = 0; i < 1000; i++) {
    const word = Number((BigInt(a) + BigInt(b) + BigInt(counter)) & 0xffffffffn)
    counter++
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + word) | 0
    expect(rng.next()).toBe(word)
  }
})

test('a fork depends on seed and label only, not on what was drawn', () => {
  fc.assert(
    fc.property(seeds, fc.string(), fc.nat(30), (seed, label, drawn) => {
      const fresh = new Rng(seed)
      const used = new Rng(seed)
      draws(used, drawn)
      expect(draws(used.fork(label), 8)).toEqual(draws(fresh.fork(label), 8))
    }),
  )
})

test('forking draws nothing', () => {
  const rng = new Rng(7)
  rng.fork('arrivals')
  expect(draws(rng, 8)).toEqual(draws(new Rng(7), 8))
})

test('forks of different labels, and the stream they come from, are different streams', () => {
  const root = new Rng(7)
  const streams = ['arrivals', 'work', 'keys', 'faults', 'strategy', ''].map((label) =>
    root.fork(label),
  )
  const all = [root, ...streams].flatMap((stream) => draws(stream, 100))
  expect(new Set(all).size).toBe(all.length)
})

test('a float is at least 0 and below 1, even for the extreme draws', () => {
  expect(new ScriptedRng(0, 0).float()).toBe(0)
  expect(new ScriptedRng(0xffffffff, 0xffffffff).float()).toBe(1 - 2 ** -53)
  expect(new ScriptedRng(0x80000000, 0).float()).toBe(0.5)
})

test('many floats at a time are those of as many calls, and the stream goes on after them', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.nat(20)), (seed, lengths) => {
      const [many, single] = [new Rng(seed), new Rng(seed)]
      for (const length of lengths) {
        const into = new Float64Array(length)
        many.fillFloats(into)
        expect([...into]).toEqual(Array.from({ length }, () => single.float()))
        expect(many.bits()).toBe(single.bits())
      }
    }),
  )
})

test('an integer is in range, even for the extreme draws', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (bound) => {
      expect(new ScriptedRng(0).int(bound)).toBe(0)
      expect(new ScriptedRng(0xffffffff).int(bound)).toBe(bound - 1)
    }),
  )
})

test('every integer comes from floor or ceiling of 2^32 / bound draws: no value is likelier by more', () => {
  // Value v owns the draws from ceil(v * 2^32 / bound) to just below ceil((v + 1) * 2^32 / bound).
  const bounds = fc.integer({ min: 1, max: 2 ** 21 })
  const cases = bounds.chain((bound) => fc.tuple(fc.nat(bound - 1), fc.constant(bound)))
  const edge = (value: number, bound: number): number => {
    const [v, b] = [BigInt(value) << 32n, BigInt(bound)]
    return Number((v + b - 1n) / b)
  }
  fc.assert(
    fc.property(cases, ([value, bound]) => {
      const first = edge(value, bound)
      const last = edge(value + 1, bound) - 1
      expect(new ScriptedRng(first).int(bound)).toBe(value)
      expect(new ScriptedRng(last).int(bound)).toBe(value)
      if (value > 0) expect(new ScriptedRng(first - 1).int(bound)).toBe(value - 1)
      const owned = last - first + 1
      expect([Math.floor(2 ** 32 / bound), Math.ceil(2 ** 32 / bound)]).toContain(owned)
    }),
  )
})

// The statistics below have a false-alarm rate of one in a million each (see chi-square.ts), and fixed seeds.

test('integers below 10 are evenly spread (seed 2026, 100,000 draws)', () => {
  const rng = new Rng(2026)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 100_000; i++) counts[rng.int(10)]++
  expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(10))
})

test('every bit of a draw is set half of the time (seed 2026, 20,000 draws)', () => {
  const rng = new Rng(2026)
  const counts = Array.from({ length: 32 }, () => 0)
  for (let i = 0; i < 20_000; i++) {
    const word = rng.next()
    for (let bit = 0; bit < 32; bit++) counts[bit] += (word >>> bit) & 1
  }
  // The binomial's deviation is 70.7; six of them are two in a billion, for 32 bits six in a hundred million.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(6 * 70.72)
})

test('an integer other than one that is taken is each of the others, all equally likely', () => {
  for (const bound of [2, 3, 10]) {
    for (let taken = 0; taken < bound; taken++) {
      // The first number of each part of the dice, and the last.
      const others = Array.from({ length: bound - 1 }, (_, i) => {
        const [first, next] = [draw(i, bound - 1), draw(i + 1, bound - 1)]
        const other = new ScriptedRng(first).other(bound, taken)
        expect(new ScriptedRng(next - 1).other(bound, taken)).toBe(other)
        return other
      })
      const expected = Array.from({ length: bound }, (_, i) => i).filter((i) => i !== taken)
      expect(others).toEqual(expected)
    }
  }
})

for (const position of [0, 1, 2]) {
  test(`draw ${position} of neighbouring seeds is evenly spread (seeds 0 to 999)`, () => {
    // xoroshiro128plus seeded plainly gives more than 0.9 first for every one of these seeds.
    const counts = Array.from({ length: 10 }, () => 0)
    for (let seed = 0; seed < 1000; seed++) {
      const rng = new Rng(seed)
      for (let i = 0; i < position; i++) rng.float()
      counts[Math.floor(rng.float() * 10)]++
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(10))
  })
}

test('the first draws of neighbouring seeds are not related to each other (seeds 0 to 9999)', () => {
  const counts = Array.from({ length: 100 }, () => 0)
  for (let seed = 0; seed < 10_000; seed++) {
    counts[new Rng(seed).int(10) * 10 + new Rng(seed + 1).int(10)]++
  }
  expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(100))
})

test('forks with neighbouring labels are evenly spread (labels client-0 to client-999)', () => {
  const root = new Rng(3)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 1000; i++) counts[root.fork(`client-${i}`).int(10)]++
  expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(10))
})
