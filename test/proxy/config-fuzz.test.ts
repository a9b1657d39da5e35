import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadSettings } from '../../proxy/config.ts'
import { ConfigError } from '../../proxy/errors.ts'

/** proxy-behaviour 1: whatever is in a file or in a variable, it is taken or refused with a message that says where. */

const KEYS = [
  ...'listen strategy servers health timeouts retries ejection queue limits accessLog admin stats workers seed'.split(
    ' ',
  ),
  ...'panic hedging slowStart probes trustedProxies affinity stickiness upgrades tls tracing explain'.split(
    ' ',
  ),
  ...'host port id url weight max backup path interval timeout fall rise connect response total length'.split(
    ' ',
  ),
  ...'attempts budget minPerSecond consecutive base share prefix headSize fields target body name decay'.split(
    ' ',
  ),
  '__proto__',
  'constructor',
  '',
]
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1, 0.5, 1e308, NaN, Infinity, 65_536, 2 ** 53),
  fc.constantFrom(
    '',
    'x',
    '1s',
    '-1s',
    '1e9s',
    '20%',
    '-5%',
    '16KiB',
    '1.5MiB',
    'auto',
    'off',
    'false',
    '::1',
    '999.1.1.1',
    '/lb',
  ),
  fc.constantFrom(
    'http://127.0.0.1:9001',
    'https://a',
    'http://',
    'ftp://a',
    'http://u@a',
    'http://a:99999',
    'unix:/x',
    'round_robin',
    'maglev',
    './x.ts',
  ),
  fc.string({ maxLength: 8 }),
)
const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('any'), { maxKeys: 4 }),
  ),
})).any
const document = fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 5 })

/** Taken, or the lines of the refusal. Whatever else is thrown fails the test. */
function refusal(load: () => unknown): readonly string[] {
  try {
    load()
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.message.split('\n')
  }
}

describe('proxy-behaviour 1: a configuration that nobody thought of', () => {
  test('as a file is taken, or refused line by line, each with a place in the file', () => {
    const servers = [{ url: 'http://127.0.0.1:9001' }]
    fc.assert(
      fc.property(document, (content) => {
        const text = stringify({ servers, ...content }, { aliasDuplicateObjects: false })
        const lines = refusal(() =>
          loadSettings({ flags: { config: 'lb.yaml' }, readFile: () => text }),
        )
        for (const line of lines) expect(line).not.toBe('')
        if (lines.length > 0)
          expect(lines.join('\n')).toMatch(/lb\.yaml:\d+:\d+|no servers|--config|strategy/)
      }),
      { numRuns: 500, seed: 7 },
    )
  })

  test('as text that is hardly YAML is refused, and nothing else is thrown', () => {
    const base =
      'servers:\n  - { url: http://127.0.0.1:9001, weight: 2 }\nhealth: { path: /health, interval: 2s }\n'
    const splinter = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      '- ',
      '\n',
      '  ',
      '&a ',
      '*a',
      '!!x ',
      '"',
      "'",
      '|',
      '>',
      '\t',
      '\0',
      '%',
      '<<: ',
      '? ',
      '#',
    )
    const edits = fc.array(fc.tuple(fc.nat({ max: base.length }), splinter), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(edits, (list) => {
        const text = list.reduce(
          (before, [at, what]) => before.slice(0, at) + what + before.slice(at),
          base,
        )
        refusal(() => loadSettings({ flags: { config: 'lb.yaml' }, readFile: () => text }))
      }),
      { numRuns: 500, seed: 7 },
    )
  })

  test('as variables is taken, or refused with the name of the variable', () => {
    const names = [
      'ALGORITHM',
      'BACKEND_SERVERS',
      'HOST',
      'PORT',
      'ADMIN_PORT',
      'ADMIN_HOST',
      'WORKERS',
      'HEALTH_PATH',
      'HEALTH_INTERVAL',
    ]
    const texts = fc.oneof(scalar.map(String), fc.string({ maxLength: 20 }))
    const env = fc.dictionary(fc.constantFrom(...names), texts, { maxKeys: 4 })
    fc.assert(
      fc.property(env, (given) => {
        const variables = { BACKEND_SERVERS: 'http://127.0.0.1:9001;weight=2', ...given }
        const lines = refusal(() => loadSettings({ env: variables }))
        if (lines.length > 0) expect(lines.join('\n')).toMatch(new RegExp(names.join('|')))
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})
