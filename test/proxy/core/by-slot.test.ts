import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BySlot } from '../../../proxy/core/by-slot.ts'
import { Pool } from '../strategies/pool.ts'

test('each is in its slot, and nobody who was there before', () => {
  const sets = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(sets, (sets) => {
      const { servers } = new Pool([1, 1, 1, 1, 1, 1, 1, 1])
      const bySlot = new BySlot(10)
      const { at } = bySlot
      for (const set of sets) {
        bySlot.set(set.map((slot) => servers[slot]))
        expect(at).toHaveLength(10)
        at.forEach((server, slot) =>
          expect(server).toBe(set.includes(slot) ? servers[slot] : undefined),
        )
      }
      expect(bySlot.at).toBe(at)
    }),
  )
})

test('one that has left, and has no slot any more, is not found where it was', () => {
  const { servers } = new Pool([1, 1])
  const bySlot = new BySlot(4)
  bySlot.set(servers)
  servers[0].detach()
  bySlot.set([servers[1]])
  expect(bySlot.at).toEqual([undefined, servers[1], undefined, undefined])
  expect(Object.keys(bySlot.at)).toHaveLength(4)
})
