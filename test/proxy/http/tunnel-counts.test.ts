import { expect, test } from 'vitest'
import { TunnelCounts } from '../../../proxy/http/tunnel-counts.ts'

test('the figures of a server that is gone go with its last tunnel, and not before', () => {
  const counts = new TunnelCounts()
  const server = { id: 'a', removed: false }
  for (let i = 0; i < 3; i++) counts.open(server)
  counts.close(server)
  expect(counts.of('a')).toMatchObject({ open: 2, opened: 3 })
  server.removed = true
  counts.close(server)
  expect(counts.snapshot()).toHaveProperty('a.open', 1)
  counts.close(server)
  expect(counts.snapshot()).toEqual({})
})

test('the figures of a server that stays outlive its tunnels', () => {
  const counts = new TunnelCounts()
  counts.open({ id: 'a' })
  counts.close({ id: 'a', removed: false })
  expect(counts.of('a')).toMatchObject({ open: 0, opened: 1 })
})
