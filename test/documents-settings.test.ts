import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { CONFIGURATION } from '../proxy/config-schema.ts'
import { SOURCES } from '../proxy/config-sources.ts'
import { loadSettings } from '../proxy/config.ts'
import { isMapping } from '../proxy/core/problems.ts'
import { blocksOf } from './markdown.ts'

const page = readFileSync(new URL('../docs/proxy.md', import.meta.url), 'utf8')

/** `listen`, `listen.port` */
function keysOf(mapping: object): string[] {
  return Object.entries(mapping).flatMap(([key, value]: [string, unknown]) => {
    const inner = isMapping(value) ? keysOf(value) : []
    return [key, ...inner.map((each) => `${key}.${each}`)]
  })
}

describe('docs/proxy.md', () => {
  test('lists the variables that there are, and the defaults that they have', () => {
    const table = page.slice(0, page.indexOf('## The way to a server'))
    const rows = [...table.matchAll(/^\| (`[A-Z_]+`.*?) \| .+ \| (.+) \|$/gm)]
    const listed = rows.flatMap(([, names, defaults]) => {
      const values = defaults.split(', ').map((value) => /^`(.+)`$/.exec(value)?.[1])
      return names.split(', ').map((name, i) => [name.slice(1, -1), values[i]] as const)
    })
    const sources = SOURCES.filter(({ variable }) => variable !== undefined)
    const variables = sources.map(({ variable }) => variable!)
    expect(new Set(listed.map(([name]) => name))).toEqual(
      new Set(['EVENKEEL_CONFIG', ...variables]),
    )
    const defaults = new Map(sources.map((source) => [source.variable, source.default]))
    for (const [name, shown] of listed) {
      if (shown !== undefined) expect([name, shown]).toEqual([name, defaults.get(name)])
    }
  })

  test('shows every key of a configuration, in its example or where it tells of the admin API', () => {
    const shown = keysOf(
      parse(blocksOf(page).find(({ text }) => text.startsWith('# lb.yaml'))!.text) as object,
    )
    const { servers: _, ...defaults } = loadSettings({
      flags: { config: 'lb.yaml' },
      readFile: () => 'servers: [{ url: http://127.0.0.1:9001 }]',
    }).settings
    const unseen = keysOf(defaults).filter((key) => !shown.includes(key))
    const told = keysOf(parse(/`(admin: \{ .+?\})`/.exec(page)![1]) as object)
    expect(unseen.filter((key) => !told.includes(key))).toEqual([])
    expect(Object.keys(CONFIGURATION.shape).filter((key) => !shown.includes(key))).toEqual([
      'admin',
      'seed', // See SEED.
    ])
  })
})
