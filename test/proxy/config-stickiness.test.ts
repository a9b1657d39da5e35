import { describe, expect, test } from 'vitest'
import type { StickyCookieSettings } from '../../proxy/settings.ts'
import { load, ONE, problems } from '../support/configuration.ts'

const SECRET = 'a-secret-of-some-length'

function read(text: string): ReturnType<typeof load> {
  return load(`${ONE}${text}\n`)
}

function cookieOf(text: string): StickyCookieSettings {
  const { stickiness } = read(text).settings
  return (stickiness as { cookie: StickyCookieSettings }).cookie
}

function wrong(text: string): readonly string[] {
  return problems(() => read(text))
}

describe('proxy-behaviour 2, stickiness in a configuration', () => {
  test('is off, or one of four', () => {
    expect(load(ONE).settings.stickiness).toBe(false)
    expect(read('stickiness: false').settings.stickiness).toBe(false)
    expect(read('stickiness: address').settings.stickiness).toBe('address')
    expect(read('stickiness: { header: X-User }').settings.stickiness).toEqual({ header: 'x-user' })
    expect(read('stickiness: { query: User }').settings.stickiness).toEqual({ query: 'User' })
    expect(cookieOf(`stickiness: { cookie: { secret: ${SECRET} } }`)).toEqual({
      name: 'evenkeel',
      path: '/',
      secrets: [SECRET],
    })
  })

  test('has a secret or several, a life and a path', () => {
    const other = 'an-older-secret-also-long'
    const text = `stickiness: { cookie: { name: at, secret: ['${SECRET}', '${other}'], ttl: 30m, path: /app } }`
    expect(cookieOf(text)).toEqual({
      name: 'at',
      path: '/app',
      secrets: [SECRET, other],
      ttl: 1_800_000,
    })
  })

  test('without a secret draws one, the same each time it is read, and warns of it', () => {
    const text = 'stickiness: { cookie: {} }'
    const { secrets } = cookieOf(text)
    expect(secrets[0]).toMatch(/^[\w-]{43}$/)
    expect(cookieOf(text).secrets).toEqual(secrets)
    expect(read(text).warnings).toEqual([
      'stickiness.cookie.secret (COOKIE_SECRET) is not set: sessions will not outlive this process, nor be known to another proxy',
    ])
    expect(read(`stickiness: { cookie: { secret: ${SECRET} } }`).warnings).toEqual([])
  })

  test('gives strategies that go by key the same key, unless they are given another', () => {
    const affinityOf = (text: string): unknown => read(text).settings.affinity
    expect(affinityOf('stickiness: { query: u }')).toEqual({ query: 'u' })
    expect(affinityOf('stickiness: { header: U }')).toEqual({ header: 'u' })
    expect(affinityOf('stickiness: { cookie: {} }')).toBe('address')
    expect(affinityOf('stickiness: address')).toBe('address')
    expect(affinityOf('{}'.replace('{}', 'affinity: { cookie: s }'))).toEqual({ cookie: 's' })
    expect(affinityOf('stickiness: { query: u }\naffinity: address')).toBe('address')
  })

  const cases = {
    'stickiness: true':
      'stickiness must be false, address, { cookie: { name, … } }, { header: name } or { query: name }, got true (lb.yaml:2:13)',
    'stickiness: {}': 'stickiness must have one of header, query and cookie',
    'stickiness: { header: a, query: b }': 'stickiness must have one of header, query and cookie',
    'stickiness: { header: a b }': 'stickiness.header must be the name of a request field',
    'stickiness: { query: a=b }': 'stickiness.query must be the name of a parameter',
    'stickiness: { cookie: { name: "a;b" } }':
      'stickiness.cookie.name must be the name of a cookie',
    'stickiness: { cookie: { ttl: 5 } }':
      'stickiness.cookie.ttl must be a duration with a unit like 500ms, 2s or 1m, got 5',
    'stickiness: { cookie: { path: "/;Domain=x" } }':
      'stickiness.cookie.path must be a path like /',
    'stickiness: { cookie: { secret: [] } }':
      'stickiness.cookie.secret must have at least one secret',
    'affinity: { cookie: a, header: b }': 'affinity must have one of header, query and cookie',
  }
  for (const [text, message] of Object.entries(cases)) {
    test(`is told what is wrong: ${text}`, () => {
      const found = wrong(text)
      expect(found).toHaveLength(1)
      expect(found[0]).toContain(message)
      expect(found[0]).toMatch(/\(lb\.yaml:2:\d+\)$/)
    })
  }

  test('is told what was meant by a key that is not known', () => {
    expect(wrong('stickiness: { heeder: a }')).toContainEqual(
      expect.stringContaining('did you mean header?'),
    )
  })

  test('has its secret, or several, from COOKIE_SECRET, which switches no cookie on', () => {
    const env = { COOKIE_SECRET: ` ${SECRET}  an-older-secret-also-long ` }
    const given = load(`${ONE}stickiness: { cookie: { secret: of-the-file-and-long } }`, env)
    expect(given.settings.stickiness).toMatchObject({
      cookie: { secrets: [SECRET, 'an-older-secret-also-long'] },
    })
    expect(given.warnings).toEqual([])
    for (const other of ['false', 'address', '{ header: X-User }']) {
      const text = `${ONE}stickiness: ${other}`
      expect(load(text, env).settings).toEqual(load(text).settings)
    }
    expect(load(ONE, env).settings.stickiness).toBe(false)
    const short = { COOKIE_SECRET: 'tooshort' }
    const [line] = problems(() => load(`${ONE}stickiness: { cookie: {} }`, short))
    expect(line).toMatch(/^COOKIE_SECRET.* must be 16 visible ASCII characters/)
    expect(line).not.toContain('tooshort')
  })

  test('never shows a secret that is wrong', () => {
    for (const given of ['tooshort', "['good-enough-to-be-one', 'tooshort']", '[[tooshort]]']) {
      const [line] = wrong(`stickiness: { cookie: { secret: ${given} } }`)
      expect(line).toMatch(/^stickiness\.cookie\.secret.* must be 16 visible ASCII characters/)
      expect(line).not.toContain('tooshort')
    }
  })
})
