import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionSeal } from '../../../proxy/http/session-seal.ts'

const SECRET = 'a secret of some length'
const seal = new SessionSeal([SECRET])
const value = seal.seal(seal.nameOf('b1'), 1_800_000_000)

describe('proxy-behaviour 2, stickiness: what a cookie says', () => {
  test('is what was sealed, and shows nothing of it: 40 characters, whatever the id', () => {
    expect(value).toMatch(/^[\w-]{40}$/)
    expect(seal.open(value)).toEqual({
      name: seal.nameOf('b1'),
      expiry: 1_800_000_000,
      secret: 0,
    })
    const long = '10.1.2.3:8080'.repeat(4)
    const other = seal.seal(seal.nameOf(long), 0)
    expect(Buffer.from(other, 'base64url').toString('latin1')).not.toContain('10.1')
    expect([other.length, seal.open(other)?.expiry]).toEqual([40, 0])
  })

  test('is the same in every thread and after a restart, and another one with another secret', () => {
    const again = new SessionSeal([SECRET])
    expect(again.seal(again.nameOf('b1'), 1_800_000_000)).toBe(value)
    expect(new SessionSeal(['another secret, as long']).open(value)).toBeUndefined()
  })

  test('opens with the secrets that were before, and is sealed with the first', () => {
    const rotated = new SessionSeal(['a new secret of some length', SECRET])
    const opened = rotated.open(value)
    expect(opened).toEqual({ name: rotated.nameOf('b1', 1), expiry: 1_800_000_000, secret: 1 })
    const fresh = rotated.seal(rotated.nameOf('b1'), 5)
    expect([rotated.open(fresh)?.secret, seal.open(fresh)]).toEqual([0, undefined])
  })

  test('no other text is taken for it: no character changed, cut, added, and no other spelling', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let at = 0; at < value.length; at++) {
      for (const letter of `${alphabet}+/=. %\n`) {
        if (letter === value[at]) continue
        const forged = value.slice(0, at) + letter + value.slice(at + 1)
        if (seal.open(forged) !== undefined) throw new Error(`${forged} was opened`)
      }
    }
    for (let length = 0; length < value.length; length++) {
      expect(seal.open(value.slice(0, length))).toBeUndefined()
    }
    for (const more of [`${value}A`, ` ${value}`, `${value}\n`, `${value}=`, value + value]) {
      expect(seal.open(more)).toBeUndefined()
    }
  })

  test('nor is anything else that somebody may send', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[\w-]{40}$/),
      fc.uint8Array({ minLength: 30, maxLength: 30 }).map((bytes) => {
        return Buffer.from(bytes).toString('base64url')
      }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(seal.open(text)).toBeUndefined()
      }),
    )
  })

  test('nor a value of which a part is from another: expiry, name and seal belong together', () => {
    const other = seal.seal(seal.nameOf('b2'), 1_900_000_000)
    const [one, two] = [value, other].map((text) => Buffer.from(text, 'base64url'))
    for (const at of [4, 14]) {
      const mixed = Buffer.concat([one.subarray(0, at), two.subarray(at)]).toString('base64url')
      expect(seal.open(mixed)).toBeUndefined()
    }
  })
})
