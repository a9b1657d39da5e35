/** What proxy/strategies/README.md says of the strategies is so. `npm run docs` brings it into step with the registry. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PickWorld } from '../../../experiments/bench/pick-world.ts'
import { cellsOf, inStep, namesOf } from '../../../experiments/docs/strategies-page.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { linksOf } from '../../markdown.ts'

const FOLDER = new URL('../../../proxy/strategies/', import.meta.url)
const page = readFileSync(new URL('README.md', FOLDER), 'utf8')
const names = STRATEGIES.map(({ name }) => name)

/** Rows that wait for their strategies. Whoever adds one takes it out here. */
const COMING: readonly string[] = []
const awaited = COMING.filter((name) => !names.includes(name))

describe('the page', () => {
  test('has names, ideas, order and options as the registry has them: else run `npm run docs`', () => {
    expect(inStep(page, STRATEGIES)).toBe(page)
  })

  test('speaks of no strategy that is not there', () => {
    expect(
      namesOf(page).filter((name) => !names.includes(name) && !awaited.includes(name)),
    ).toEqual([])
  })

  test('links to files that are there, and to the file of the very strategy', () => {
    const later = awaited.map((name) => `${name.replaceAll('_', '-')}.ts`)
    const links = linksOf(page).filter((link) => !later.includes(link))
    for (const link of links) expect(existsSync(new URL(link, FOLDER)), link).toBe(true)
    for (const name of names) {
      const [file] = linksOf(cellsOf(page, name)[0])
      expect(readFileSync(new URL(file, FOLDER), 'utf8')).toContain(`readonly name = '${name}'`)
    }
  })

  test('tells all that a reader wants to know of each', () => {
    for (const name of names) {
      const [, , , ...told] = cellsOf(page, name)
      for (const cell of told) expect(cell, name).not.toBe('')
    }
  })

  test('gives names of other systems to strategies that there are', () => {
    const table = page.slice(page.indexOf('## What others call them'))
    const rows = [...table.matchAll(/^\| .* \| (`\w+`.*) \|$/gm)]
    expect(rows.length).toBeGreaterThan(10)
    for (const [, ours] of rows) {
      const [, name] = /^`(\w+)`/.exec(ours)!
      expect([...names, ...awaited]).toContain(name)
    }
  })
})

/** What a pick takes, in milliseconds: the least of many looks, so that a busy machine does not matter. */
function pickTime(world: PickWorld): number {
  let least = Infinity
  for (let look = 0; look < 40; look++) {
    world.between()
    const start = performance.now()
    for (let i = 0; i < 250; i++) world.step()
    least = Math.min(least, performance.now() - start)
  }
  return least / 250
}

/** From ten servers to a thousand, what O(n) costs grows a hundredfold, O(log n) threefold, and O(1) not but for caches. */
const APART = 10

describe('a pick costs what the page says: with a hundred times as many servers', () => {
  for (const strategy of STRATEGIES) {
    const [, , , , cost] = cellsOf(page, strategy.name)
    const [order] = /^O\((1|d|log n|n)\)/.exec(cost) ?? []
    test(`${strategy.name}, ${order}, takes ${order === 'O(n)' ? 'many' : 'few'} times as long`, () => {
      const growth = pickTime(new PickWorld(strategy, 1000)) / pickTime(new PickWorld(strategy, 10))
      if (order === 'O(n)') expect(growth).toBeGreaterThan(APART)
      else expect(growth).toBeLessThan(APART)
    })
  }
})
