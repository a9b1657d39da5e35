import { expect, test } from 'vitest'
import { DueShare } from '../../../proxy/core/due-share.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import type { SharePromise } from '../../../proxy/core/strategy.ts'

function three(promise: SharePromise): { due: DueShare; servers: Endpoint[] } {
  const due = new DueShare(new Memory(4), promise)
  const servers = [3, 2, 1].map((weight, slot) => {
    const server = new Endpoint(`s${slot}`, { weight })
    server.slot = slot
    return server
  })
  return { due, servers }
}

function count(due: DueShare, picks: number): void {
  for (let i = 0; i < picks; i++) due.count(0)
}

function shares(due: DueShare): number[] {
  return [0, 1, 2].map((slot) => due.of(slot))
}

test('by weight, or the same for all if that is the promise', () => {
  const expected = { weight: [3, 2, 1], adaptive: [3, 2, 1], equal: [2, 2, 2] }
  for (const promise of ['weight', 'adaptive', 'equal'] as const) {
    const { due, servers } = three(promise)
    due.begin(servers)
    count(due, 6)
    due.settle()
    expect(shares(due)).toEqual(expected[promise])
  }
})

test('only those who were eligible at the time are due anything', () => {
  const { due, servers } = three('weight')
  due.begin(servers)
  count(due, 6)
  due.begin([servers[0], servers[2]])
  count(due, 8)
  due.begin([servers[1]])
  count(due, 5)
  due.settle()
  expect(shares(due)).toEqual([3 + 6, 2 + 5, 1 + 2])
})

test('settling is only bringing up to date: doing it often or twice changes nothing', () => {
  const { due, servers } = three('weight')
  due.begin(servers)
  for (let i = 0; i < 12; i++) {
    due.count(0)
    due.settle()
    due.settle()
  }
  expect(shares(due).map((share) => +share.toFixed(9))).toEqual([6, 4, 2])
})

test('a server that has left for good is skipped', () => {
  const { due, servers } = three('weight')
  due.begin(servers)
  servers[0].slot = -1
  count(due, 6)
  due.settle()
  expect(shares(due)).toEqual([0, 2, 1])
})
