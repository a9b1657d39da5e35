/** docs/promises.md says which test holds which promise: those tests are there, and each is a test. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SECTIONS = 8

interface Held {
  readonly promise: string
  /** Below test. */
  readonly file: string
  readonly title: string
}

function heldBy(page: string): Held[] {
  const rows = page.split('\n').filter((line) => /^\| (?!promise |---)/.test(line))
  return rows.flatMap((row) => {
    const [, promise, tests] = /^\| (.*?) \| (.*) \|$/.exec(row) ?? []
    return tests.split('<br>').map((text) => {
      const [, name, target, title] = /^\[([\w/-]+)\]\((\S+)\): (.+)$/.exec(text) ?? []
      expect(target, `the link of ${text}`).toBe(`../test/${name}.test.ts`)
      return { promise, file: `test/${name}.test.ts`, title }
    })
  })
}

/** Whether the text of a test file has a test of that title, and not only the words. */
function hasTest(source: string, title: string): boolean {
  for (const quote of ["'", '"', '`']) {
    const literal = `${quote}${title.replaceAll(quote, `\\${quote}`)}${quote}`
    for (let at = source.indexOf(literal); at >= 0; at = source.indexOf(literal, at + 1)) {
      // It is the first argument of `test`, of `it`, or of what `each` gives.
      if (/(?:\b(?:test|it)(?:\.(?:only|runIf\(.*\)))?|\))\(\s*$/.test(source.slice(0, at)))
        return true
    }
  }
  return false
}

const page = readFileSync(`${ROOT}docs/promises.md`, 'utf8')
const all = heldBy(page)

describe('docs/promises.md', () => {
  test('has every section of what the proxy promises, and no promise without a test', () => {
    const sections = [...page.matchAll(/^## (\d)\. /gm)].map(([, number]) => Number(number))
    expect(sections).toEqual(Array.from({ length: SECTIONS }, (_, i) => i + 1))
    expect(all.length).toBeGreaterThan(150)
  })

  test('names tests that there are', () => {
    const sources = new Map<string, string>()
    const missing = all.filter(({ file, title }) => {
      if (!existsSync(ROOT + file)) return true
      if (!sources.has(file)) sources.set(file, readFileSync(ROOT + file, 'utf8'))
      return !hasTest(sources.get(file)!, title)
    })
    expect(missing.map(({ file, title }) => `${file}: ${title}`)).toEqual([])
  })
})

describe('this test notices', () => {
  const source = `
    // a comment about what is gone
    describe('a group', () => {
      test('is there', () => {})
      it("is 'quoted'", () => {})
      test.each([['a row', 1]])('has %s', () => {})
    })`
  test.each(['is there', "is 'quoted'", 'has %s'])('that there is "%s"', (title) => {
    expect(hasTest(source, title)).toBe(true)
  })
  test.each(['is gone', 'a row', 'what is gone', 'is the'])('that there is no "%s"', (title) => {
    expect(hasTest(source, title)).toBe(false)
  })
})
