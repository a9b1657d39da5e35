import { expect, test } from 'vitest'
import { Occupancy } from '../../simulator/occupancy.ts'

test('adds up how many were in hand, and how many workers were busy, over time', () => {
  const occupancy = new Occupancy(2)
  occupancy.settle(4, 0)
  occupancy.settle(6, 1)
  occupancy.settle(10, 3)
  expect(occupancy).toMatchObject({ present: 2 + 12, busy: 2 + 8, most: 3 })
})

test('a server with endless workers has one for each', () => {
  const occupancy = new Occupancy(Infinity)
  occupancy.settle(10, 3)
  expect(occupancy).toMatchObject({ present: 30, busy: 30 })
})

test('measures from a restart to the close', () => {
  const occupancy = new Occupancy(1)
  occupancy.settle(5, 4)
  occupancy.restart(10, 2)
  expect(occupancy).toMatchObject({ present: 0, busy: 0, most: 2 })
  occupancy.settle(12, 2)
  occupancy.close(15, 1)
  occupancy.settle(99, 7)
  expect(occupancy).toMatchObject({ present: 4 + 3, busy: 5, most: 2 })
})
