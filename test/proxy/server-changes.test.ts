import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serverChanges } from '../../proxy/server-changes.ts'
import type { ServerSettings } from '../../proxy/settings.ts'

function server(id: string, more: Partial<ServerSettings> = {}): ServerSettings {
  return { id, url: `http://${id}:1`, weight: 1, backup: false, ...more }
}

const a = server('a')
const b = server('b')

describe('proxy-behaviour 1, reload: the servers of a file that was read again', () => {
  it('does nothing where it says what it said', () => {
    expect(serverChanges([a, b], [a, b], [a, b])).toEqual([])
  })

  it('adds, removes and changes in place', () => {
    const now = [server('a', { weight: 3, max: 7, backup: true }), server('c')]
    expect(serverChanges([a, b], now, [a, b])).toEqual([
      { type: 'remove', id: 'b' },
      { type: 'steer', id: 'a', wish: { weight: 3, max: 7, backup: true } },
      { type: 'add', server: server('c') },
    ])
    const limited = server('a', { max: 7 })
    expect(serverChanges([limited], [a], [limited])).toEqual([
      { type: 'steer', id: 'a', wish: { max: Infinity } },
    ])
  })

  it('takes a server at another address for another server', () => {
    const moved = server('a', { url: 'http://elsewhere:1' })
    expect(serverChanges([a, b], [moved, b], [a, b])).toEqual([
      { type: 'remove', id: 'a' },
      { type: 'add', server: moved },
    ])
  })

  it('leaves alone what operators have changed since', () => {
    const running = [server('a', { weight: 9 }), server('own')]
    expect(serverChanges([a, b], [a, b], running)).toEqual([])
  })

  it('overrules them where it says something new, and there only', () => {
    const running = [server('a', { weight: 9, max: 5 }), server('own')]
    const now = [server('a', { weight: 2 }), server('b', { weight: 2 }), server('own')]
    expect(serverChanges([a, b], now, running)).toEqual([
      { type: 'steer', id: 'a', wish: { weight: 2 } },
      { type: 'add', server: server('b', { weight: 2 }) },
      { type: 'steer', id: 'own', wish: { weight: 1, max: Infinity, backup: false } },
    ])
  })

  it('leads to what the file says, wherever it begins, if nobody else has changed anything', () => {
    const lists = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        url: fc.constantFrom('http://x:1', 'http://y:1'),
        weight: fc.integer({ min: 0, max: 3 }),
        backup: fc.boolean(),
      }),
      { selector: ({ id }) => id },
    )
    const sorted = (list: readonly ServerSettings[]): ServerSettings[] =>
      list.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    const property = fc.property(lists, lists, (before, now) => {
      let all: ServerSettings[] = before
      for (const change of serverChanges(before, now, before)) {
        if (change.type === 'add') all = [...all, change.server]
        else if (change.type === 'remove') all = all.filter(({ id }) => id !== change.id)
        else {
          const { max: _, state: __, ...wish } = change.wish
          all = all.map((each) => (each.id === change.id ? { ...each, ...wish } : each))
        }
      }
      expect(sorted(all)).toEqual(sorted(now))
    })
    fc.assert(property)
  })
})
