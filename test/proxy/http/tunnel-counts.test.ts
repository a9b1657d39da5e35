import { expect, test } from 'vitest'
import { TunnelCounts, withoutOpen } from '../../../proxy/http/tunnel-counts.ts'

const serverOf = (id: string) => ({ id, removed: false, slot: 0 })

test('the figures of a server that is gone go with its last tunnel, and not before', () => {
  const counts = new TunnelCounts()
  const server = serverOf('a')
  for (let i = 0; i < 3; i++) counts.open(server)
  counts.close(server)
  expect(counts.of(server)).toMatchObject({ open: 2, opened: 3 })
  server.removed = true
  counts.close(server)
  expect(counts.snapshot()).toHaveProperty('a.open', 1)
  counts.close(server)
  expect(counts.snapshot()).toEqual({})
})

test('the figures of a server that stays outlive its tunnels', () => {
  const counts = new TunnelCounts()
  const server = serverOf('a')
  counts.open(server)
  counts.close(server)
  expect(counts.of(server)).toMatchObject({ open: 0, opened: 1 })
})

test('one that comes has none of the tunnels that another of its id had or has', () => {
  const counts = new TunnelCounts()
  const [old, young] = [serverOf('a'), serverOf('a')]
  for (let i = 0; i < 2; i++) counts.open(old)
  old.removed = true
  expect(counts.of(young).opened).toBe(0)
  counts.open(young)
  expect(counts.of(young)).toMatchObject({ open: 1, opened: 1 })
  expect(counts.snapshot()).toHaveProperty('a.opened', 1)
  counts.close(old)
  expect(counts.of(old).open).toBe(1)
  expect(counts.of(young).open).toBe(1)
})

test('a server that left without tunnels is forgotten when another has its first', () => {
  const counts = new TunnelCounts()
  const server = serverOf('a')
  counts.open(server)
  counts.close(server)
  Object.assign(server, { removed: true, slot: -1 })
  counts.open(serverOf('b'))
  expect(Object.keys(counts.snapshot())).toEqual(['b'])
})

test('those of all threads are the sums of what each has counted, and begin anew each time', () => {
  const all = new TunnelCounts()
  all.open(serverOf('before'))
  const part = { open: 1, opened: 3, bytesIn: 10, bytesOut: 100 }
  for (let i = 0; i < 2; i++) all.become([{ a: part }, { a: part, b: part }, {}])
  const doubled = { open: 2, opened: 6, bytesIn: 20, bytesOut: 200 }
  expect(all.snapshot()).toEqual({ a: doubled, b: part })
  expect(all.of(serverOf('a'))).toEqual(doubled)
  expect(all.of(serverOf('before')).opened).toBe(0)
  expect(part).toEqual({ open: 1, opened: 3, bytesIn: 10, bytesOut: 100 })
})

test('of a thread that died what it had counted stays, and none of its tunnels is open', () => {
  const counts = { a: { open: 2, opened: 3, bytesIn: 10, bytesOut: 100 } }
  expect(withoutOpen(counts)).toEqual({ a: { open: 0, opened: 3, bytesIn: 10, bytesOut: 100 } })
  expect(counts.a.open).toBe(2)
})
