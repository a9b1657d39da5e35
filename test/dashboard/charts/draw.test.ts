import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BarChart, LineChart } from '../../../dashboard/charts/chart.ts'
import { draw } from '../../../dashboard/charts/draw.ts'
import { lookOf } from '../../../dashboard/charts/palette.ts'
import { scaleOf, written } from '../../../dashboard/charts/scale.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'

const lines: LineChart = {
  kind: 'lines',
  title: 'a < b & "c"',
  x: { label: 'time (s)' },
  y: { label: 'share', percent: true, from: 0, to: 1 },
  series: ['random', 'edf', 'own'].map((strategy, i) => ({
    label: strategy,
    strategy,
    points: [0, 1, 2].map((x) => ({ x, mean: 0.5 + i / 1000, low: -1, high: 2 })),
  })),
  marks: [
    { x: 1, label: 'now' },
    { y: 0.5, label: 'due' },
  ],
}

const bars: BarChart = {
  kind: 'bars',
  title: 'bars',
  x: { label: 'ms' },
  groups: [{ label: 'mean', bars: [{ label: 'a', strategy: 'random', mean: 3, low: 2, high: 4 }] }],
}

/** Every number in attributes of that name. */
function numbers(svg: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => Number(value))
}

describe('a chart', () => {
  test('shows one strategy in several colours, if it is told to', () => {
    const twice = [0, 5].map((colour) => ({ ...lines.series[0], colour }))
    const svg = draw({ ...lines, series: twice })
    for (const kind of ['path class="s', 'path class="f', 'class="f']) {
      expect(svg).toContain(`${kind}0"`)
      expect(svg).toContain(`${kind}5"`)
    }
    expect(svg).not.toContain(`path class="s${lookOf('random').colour}"`)
  })

  test('writes a bar’s figure clear of the lines of marks', () => {
    const x = { label: 'ms', to: 100 }
    const figureOf = (svg: string): number => Number(/<text x="([^"]*)" y="70">3</.exec(svg)![1])
    const lineAt = (svg: string): number => Number(/"3 3" x1="([^"]*)"/.exec(svg)![1])
    const near = draw({ ...bars, x, marks: [{ x: 6, label: 'due' }] })
    const far = draw({ ...bars, x, marks: [{ x: 60, label: 'due' }] })
    expect(lineAt(near)).toBeGreaterThan(figureOf(far))
    expect(figureOf(near)).toBe(lineAt(near) + 8)
    expect(figureOf(far)).toBe(figureOf(draw({ ...bars, x })))
  })

  test('says what it shows, escaped', () => {
    expect(draw(lines)).toContain('<title>a &lt; b &amp; &quot;c&quot;</title>')
  })

  test('stays inside of its picture', () => {
    for (const chart of [lines, bars]) {
      const svg = draw(chart)
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!
      for (const name of ['x', 'x1', 'x2', 'cx']) {
        for (const x of numbers(svg, name)) {
          expect(x).toBeGreaterThanOrEqual(0)
          expect(x).toBeLessThanOrEqual(Number(width))
        }
      }
      for (const name of ['y', 'y1', 'y2', 'cy']) {
        for (const y of numbers(svg, name)) {
          expect(y).toBeGreaterThanOrEqual(0)
          expect(y).toBeLessThanOrEqual(Number(height))
        }
      }
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  test('keeps names apart, in the order of their lines', () => {
    const at = (name: string): number =>
      Number(new RegExp(`y="([\\d.]+)" class="f\\d">${name}<`).exec(draw(lines))![1])
    expect(at('random') - at('edf')).toBeGreaterThanOrEqual(14)
    expect(at('edf') - at('own')).toBeGreaterThanOrEqual(14)
  })

  test('draws a bar from 0, or a dot where the axis has none', () => {
    expect(draw(bars)).toContain('fill-opacity="0.75"')
    const dots = draw({ ...bars, x: { label: 'ms', scale: 'log' } })
    expect(dots).toContain('<circle')
    expect(dots).not.toContain('fill-opacity="0.75"')
  })

  test('brings colours for light and dark along, unless a page has them', () => {
    expect(draw(lines)).toContain('@media (prefers-color-scheme:dark)')
    expect(draw(lines, { styled: false })).not.toContain('<style>')
  })

  test('gives every strategy of the registry a look of its own', () => {
    const looks = STRATEGIES.map(({ name }) => JSON.stringify(lookOf(name)))
    expect(new Set(looks).size).toBe(STRATEGIES.length)
    expect(looks).not.toContain(JSON.stringify(lookOf('own')))
  })
})

describe('an axis', () => {
  test('has round ticks, from end to end, where they belong', () => {
    const { at, ticks } = scaleOf({ label: '' }, [3, 97], 0, 500)
    expect(ticks).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticks.map(at)).toEqual([0, 100, 200, 300, 400, 500])
  })

  test('has powers of ten where they are', () => {
    const { at, ticks } = scaleOf({ label: '', scale: 'log' }, [1, 1000], 0, 150)
    expect(ticks).toEqual([1, 10, 100, 1000])
    expect(ticks.map((tick) => Math.round(at(tick)))).toEqual([0, 50, 100, 150])
  })

  test('keeps the order of values, and has a few ticks inside, whatever they are', () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom('linear', 'log'), value, value, (scale, a, b) => {
        const { at, ticks } = scaleOf({ label: '', scale }, [a, b], 0, 400)
        expect(Math.sign(at(b) - at(a)) * Math.sign(b - a)).toBeGreaterThanOrEqual(0)
        expect(ticks.length).toBeLessThanOrEqual(60)
        for (const tick of ticks) {
          expect(at(tick)).toBeGreaterThanOrEqual(-1)
          expect(at(tick)).toBeLessThanOrEqual(401)
        }
      }),
    )
  })

  test('is written with three figures at most', () => {
    expect(written(1234.5)).toBe('1,230')
    expect(written(0.05, true)).toBe('5 %')
    expect(written(-1500)).toBe('−1,500')
    expect(written(0)).toBe('0')
  })
})
