import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string =>
  readFileSync(new URL(`../../dashboard/${file}`, import.meta.url), 'utf8')
const html = read('index.html')
const style = ['colours.css', 'style.css', 'servers.css', 'narrow.css'].map(read).join('')
const script = read('live.js') + read('figures.js')

test('nothing is inline, so that the strict policy lets all of it through', () => {
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
  for (const [, attributes, content] of html.matchAll(/<script([^>]*)>([^<]*)</g)) {
    expect(attributes).toMatch(/src="[^"]+"/)
    expect(content.trim()).toBe('')
  }
  expect(script).not.toMatch(/\beval\b|new Function|setAttribute\('style'/)
})

test('nothing comes from elsewhere, and every address is relative, so that any prefix works', () => {
  for (const [, url] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(url).toMatch(/^(data:|\w)/)
  expect(html + style + script).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  expect(style).not.toMatch(/@import|url\(/)
})

test('what comes in is written as text', () => {
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/)
})

test('every element that the script looks for is in the page, once', () => {
  const wanted = [...script.matchAll(/find\('([\w-]+)'\)/g)].map((match) => match[1])
  expect(wanted.length).toBeGreaterThan(10)
  for (const id of wanted) expect(html.split(`id="${id}"`)).toHaveLength(2)
})

test('numbers are a table, and only changes of state are spoken', () => {
  expect(html.match(/<th [^>]*scope="col"/g)).toHaveLength(10)
  expect(html.match(/role="status"|aria-live/g)).toEqual(['role="status"'])
})

/** WCAG 2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const light = (hex: string): number =>
    [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0)
  const [dark, bright] = [light(a), light(b)].sort((one, other) => one - other)
  return (bright + 0.05) / (dark + 0.05)
}

test.each(['light', 'dark'])('texts and series can be read: %s', (scheme) => {
  const roots = [...style.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1])
  const colours = new Map<string, string>()
  for (const root of scheme === 'light' ? roots.slice(0, 1) : roots) {
    for (const [, name, value] of root.matchAll(/--([\w-]+): (#\w{6});/g)) colours.set(name, value)
  }
  const on = (name: string, ground: string): number =>
    contrast(colours.get(name)!, colours.get(ground)!)
  for (const ground of ['page', 'surface']) {
    expect(on('text', ground)).toBeGreaterThan(7)
    for (const name of ['muted', 'bad']) expect(on(name, ground), name).toBeGreaterThan(4.5)
    for (const name of ['good', 'warn']) expect(on(name, ground), name).toBeGreaterThan(3)
  }
  for (let i = 0; i < 8; i++) expect(on(`series-${i}`, 'surface'), `series ${i}`).toBeGreaterThan(3)
})
