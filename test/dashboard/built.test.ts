import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const FOLDER = new URL('../../dist/dashboard/', import.meta.url)
const files = (readdirSync(FOLDER, { recursive: true }) as string[]).filter((name) =>
  /\.\w+$/.test(name),
)
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')
const pages = files.filter((name) => name.endsWith('.html'))

test('there is a page each to watch, to try and to learn', () => {
  expect(pages.toSorted()).toEqual(['index.html', 'lab.html', 'learn.html'])
})

test.each(pages)(
  '%s has nothing inline, so that the strict policy lets all of it through',
  (page) => {
    const html = read(page)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
    for (const [, attributes, content] of html.matchAll(/<script([^>]*)>([^<]*)</g)) {
      expect(attributes).toMatch(/src="[^"]+"/)
      expect(content.trim()).toBe('')
    }
  },
)

test.each(pages)('%s loads at most 150 KB of JavaScript at first', (page) => {
  const scripts = [...read(page).matchAll(/(?:src|href)="\.\/([^"]+\.js)"/g)]
  const bytes = scripts.reduce((sum, [, name]) => sum + gzipSync(read(name)).length, 0)
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(150_000)
})

test('nothing comes from elsewhere, and every address is relative, so that any prefix and host will do', () => {
  for (const page of pages) {
    for (const [, url] of read(page).matchAll(/(?:src|href)="([^"]*)"/g)) {
      expect(url).toMatch(/^(data:|\.\/)/)
    }
  }
  for (const name of files.filter((each) => each.endsWith('.css'))) {
    expect(read(name)).not.toMatch(/url\((?!data:|"data:)/)
  }
})

test('what comes in is text, never markup', () => {
  const sources = readdirSync(new URL('../../dashboard/', import.meta.url), { recursive: true })
  for (const name of (sources as string[]).filter((each) => /\.tsx?$/.test(each))) {
    const text = readFileSync(new URL(`../../dashboard/${name}`, import.meta.url), 'utf8')
    expect(text, name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\b|new Function/,
    )
  }
})
