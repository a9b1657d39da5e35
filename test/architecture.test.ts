import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Packages, shapeOf, strip, violations } from './import-rules.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

function read(path: string): string {
  return readFileSync(ROOT + path, 'utf8')
}

function readJson(path: string): Record<string, Record<string, unknown>> {
  return JSON.parse(strip(read(path))) as Record<string, Record<string, unknown>>
}

/** Every file of the checkout that is named like that, hidden folders and what was installed or built left out. */
function sources(named = /\.tsx?$/, folder = ''): string[] {
  return readdirSync(ROOT + folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || ['node_modules', 'dist'].includes(entry.name)) return []
    if (entry.isDirectory()) return sources(named, `${folder}${entry.name}/`)
    return named.test(entry.name) ? [folder + entry.name] : []
  })
}

const manifest = readJson('package.json')
const packages: Packages = {
  dependencies: Object.keys(manifest.dependencies),
  devDependencies: Object.keys(manifest.devDependencies),
}

describe('the house', () => {
  const files = sources()

  test('was found', () => {
    expect(files).toContain('proxy/core/balancer.ts')
    expect(files).toContain('cli.ts')
    expect(files.length).toBeGreaterThan(50)
  })

  test('keeps its import table, its purity, its file sizes and its names', () => {
    expect(files.flatMap((path) => violations(path, read(path), packages))).toEqual([])
  })

  test('keeps its style sheets and pages as short, and their names as plain', () => {
    const others = sources(/\.(css|html)$/)
    expect(others).toContain('dashboard/live/live.css')
    expect(others.flatMap((path) => shapeOf(path, read(path)))).toEqual([])
  })

  for (const folder of ['proxy/core', 'proxy/strategies', 'simulator', 'dashboard/charts']) {
    test(`has a purity fence around ${folder}: neither Node's types nor a browser's`, () => {
      const { compilerOptions } = readJson(`${folder}/tsconfig.json`)
      expect(compilerOptions).toMatchObject({ types: [], lib: ['es2025'] })
      const check = manifest.scripts.typecheck
      expect(check).toContain(`tsc -p ${folder}`)
    })
  }

  test('carries no address of a package registry in its lockfile', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*registry/)
  })
})
