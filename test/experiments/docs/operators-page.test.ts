/** What docs/operators.md says of keys, variables, metrics, words and fields is so. `npm run docs` brings its tables into step. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { families } from '../../../experiments/docs/families.ts'
import { knobs } from '../../../experiments/docs/knobs.ts'
import { operatorsInStep, untold } from '../../../experiments/docs/operators-page.ts'
import { Authority } from '../../support/certificates.ts'
import { load, ONE } from '../../support/configuration.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/operators.md'), 'utf8')
const scene = useScene()
const { certFile: cert, keyFile: key } = await (await Authority.start()).issue(['a.test'])
/** What a mapping cannot be without. */
const NEEDED: Readonly<Record<string, object>> = { 'listen.tls': { cert, key } }

/** What stands in `code` in the first cells of a section's table. */
function firstCells(section: string): string[] {
  const from = page.indexOf(`\n## ${section}\n`)
  const rest = page.slice(from + 1)
  const end = rest.indexOf('\n## ')
  const rows = rest.slice(0, end < 0 ? undefined : end).matchAll(/^\| (`[^|]+) \|/gm)
  return [...rows].flatMap(([, cell]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
}

/** A file in which nothing but this is said. */
function withKey(path: string, value: string | undefined): string {
  const keys = path.split('.')
  const last = keys.pop()!
  if (value === undefined && keys.length === 0) return ONE
  const given = value === undefined ? {} : { [last]: value }
  let inner: Record<string, unknown> = { ...NEEDED[keys.join('.')], ...given }
  for (const key of keys.toReversed()) inner = { [key]: inner }
  // A default is written without quotes, as the page shows it.
  return ONE + stringify(inner).replace(JSON.stringify(value), String(value))
}

describe('docs/operators.md', () => {
  test('has every key, variable, flag and metric as the code has it: else run `npm run docs`', async () => {
    expect(operatorsInStep(page, await families())).toBe(page)
  })

  test('says of every key and metric what it is for', () => {
    expect(untold(page)).toEqual([])
  })

  const own = knobs().filter(({ path, usual }) => {
    return usual !== '' && usual !== 'as below' && !path.includes('[]')
  })
  test.each(own.map(({ path, usual }) => [path, usual]))(
    '%s: %s is what it is anyway',
    (path, usual) => {
      const { settings } = load(withKey(path, usual))
      expect(settings).toEqual(load(withKey(path, undefined)).settings)
    },
  )

  test('knows why requests end: every word that the proxy has, and no other', () => {
    const found = new Set(['ok', 'no_server']) // The second is the waiting line's own.
    for (const file of globSync('proxy/http/*.ts', { cwd: ROOT })) {
      if (/\/(?:session|sticky-\w+)\.ts$/.test(file)) continue // Those have words for sessions.
      const text = readFileSync(join(ROOT, file), 'utf8')
      const words = text.matchAll(
        /(?:\b[45]\d\d,\s*(?:\w+ === '\w+' \? \w+ : )?|\bword(?:: | = )|\? found : |\bcut\()'([a-z_]+)'/g,
      )
      for (const [, word] of words) found.add(word)
    }
    expect(new Set(firstCells('Why a request ended'))).toEqual(found)
  })

  test('knows the fields of the access log, and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
    scene.atEnd(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'access.log')
    const settings = { stickiness: { query: 'u' }, accessLog: { file } } as const
    const { proxy } = await scene.pair(settings)
    await RawClient.exchange(proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await RawClient.exchange(proxy.port, 'nonsense\r\n\r\n')
    await proxy.proxy.stop()
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const fields = lines.flatMap((line) => Object.keys(JSON.parse(line) as object))
    const tries = ['server', 'outcome', 'start', 'connect', 'first_byte', 'total']
    const told = firstCells('The access log').filter((name) => !/^(?:-1|stdout)$/.test(name))
    expect(new Set(told)).toEqual(new Set(fields))
    for (const name of tries) expect(page).toContain(`\`${name}\``)
  })

  test('is missed where it lacks a row, or a default is another one', async () => {
    const metrics = await families()
    const row = /^\| `timeouts\.connect`.*\n/m.exec(page)![0]
    for (const wrong of [page.replace(row, ''), page.replace(row, row.replace('`3s`', '`4s`'))]) {
      expect(wrong).not.toBe(page)
      expect(operatorsInStep(wrong, metrics)).not.toBe(wrong)
    }
    expect(untold(operatorsInStep(page.replace(row, ''), metrics))).toEqual(['`timeouts.connect`'])
  })
})
