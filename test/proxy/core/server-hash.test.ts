import { expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { byId, serverHash } from '../../../proxy/core/server-hash.ts'

test('the order of ids is that of their characters, whatever the language, and leaves the list alone', () => {
  const servers = ['b', 'a', 'ä', 'B', 'a10', 'a9'].map((id) => new Endpoint(id))
  expect(byId(servers).map(({ id }) => id)).toEqual(['B', 'a', 'a10', 'a9', 'b', 'ä'])
  expect(servers[0].id).toBe('b')
})

test('ids that share one of their two hashes do not share the other', () => {
  const bySame = [new Map<number, string>(), new Map<number, string>()]
  let shared = 0
  for (let i = 0; i < 300_000; i++) {
    const id = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:8080`
    const hashes = serverHash(id)
    bySame.forEach((seen, which) => {
      const other = seen.get(hashes[which])
      seen.set(hashes[which], id)
      if (other === undefined) return
      shared++
      expect(serverHash(other)[1 - which]).not.toBe(hashes[1 - which])
    })
  }
  expect(shared).toBeGreaterThan(0) // Some ten each are to be expected.
})
