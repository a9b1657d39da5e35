import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LoadTree } from '../../../proxy/core/load-tree.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'

/** A tree over servers whose slots are the places in the list, counted from the end. */
function grow(
  weights: readonly number[],
  loads: readonly number[],
  rng: Rng = new ScriptedRng(),
  takesFirst = false,
): { tree: LoadTree; load: (place: number, load: number) => number } {
  const last = weights.length - 1
  const inflights = Int32Array.from(loads.toReversed())
  const tree = new LoadTree(inflights, rng, takesFirst)
  const slots = Int32Array.from(weights, (_, place) => last - place)
  tree.update(slots, Float64Array.from(weights))
  const load = (place: number, load: number): number => {
    inflights[last - place] = load
    return last - place
  }
  return { tree, load }
}

test('the first of the least busy is found, whatever changes', () => {
  const change = fc.record({ at: fc.nat(), load: fc.nat(6), told: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 20 }),
      fc.array(change, { maxLength: 40 }),
      (weights, changes) => {
        const loads = weights.map(() => 3)
        const { load, tree } = grow(weights, loads, new ScriptedRng(), true)
        for (const change of changes) {
          const at = change.at % weights.length
          // One that becomes less is always told of.
          const told = change.told || change.load < loads[at]
          loads[at] = change.load
          const slot = load(at, change.load)
          if (told) tree.look(slot)
          const busy = loads.map((each, place) => each / weights[place])
          expect(tree.find()).toBe(busy.indexOf(Math.min(...busy)))
        }
      },
    ),
  )
})

test('a tie is drawn in proportion to weight, with one random number: the exact thresholds', () => {
  // Weights 3, 2, 5 of 10, and two that are busier.
  const find = (point: number): number => {
    const rng = new ScriptedRng(part(point))
    const { tree } = grow([3, 4, 2, 5, 1], [3, 5, 2, 5, 2], rng)
    const found = tree.find()
    expect([tree.tie, rng.left]).toEqual([true, 0])
    return found
  }
  const grain = 2 ** -30
  expect([0, 0.3 - grain, 0.3 + grain, 0.5 - grain, 0.5, 1 - grain].map(find)).toEqual([
    0, 0, 2, 2, 3, 3,
  ])
})

test('where nobody ties no random number is drawn', () => {
  const { load, tree } = grow([1, 1, 1], [2, 1, 1])
  tree.look(load(2, 3))
  expect([tree.find(), tree.tie]).toEqual([1, false])
})

test('whoever has become busier unnoticed is not taken, and the others share by weight (seed 3, one false alarm in a million)', () => {
  const counts = [0, 0, 0, 0]
  const rng = new Rng(3)
  for (let i = 0; i < 3000; i++) {
    const { load, tree } = grow([1, 2, 2, 4], [1, 2, 2, 4], rng)
    load(1, 3)
    counts[tree.find()]++
  }
  expect(counts[1]).toBe(0)
  expect(chiSquare([counts[0], counts[2], counts[3]], [1, 2, 4])).toBeLessThan(chiSquareLimit(3))
})

test('a slot that is not in the list any more does no harm', () => {
  const inflights = Int32Array.of(5, 1, 4, 0)
  const tree = new LoadTree(inflights, new ScriptedRng(), false)
  tree.update(Int32Array.of(0, 1, 2, 3), Float64Array.of(1, 1, 1, 1))
  tree.update(Int32Array.of(0, 2), Float64Array.of(1, 1))
  tree.look(3)
  tree.look(1)
  expect(tree.find()).toBe(1)
})
