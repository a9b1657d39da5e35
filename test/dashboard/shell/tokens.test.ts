import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const style = readFileSync(new URL('../../../dashboard/shell/tokens.css', import.meta.url), 'utf8')

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
