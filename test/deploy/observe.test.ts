/** What Prometheus and Grafana are given: every metric and label that the board names is one of ours, and every expression is one. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseExposition, type ParsedFamily } from '../proxy/admin/exposition.ts'
import { TestProxy } from '../support/proxy.ts'
import { read, yamlOf } from './manifests.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
if (!hasPromtool) console.log('test/deploy: promtool is not installed, so that it checks nothing')

interface Board {
  readonly panels: {
    readonly title: string
    readonly datasource: { readonly uid: string }
    readonly gridPos: {
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
    }
    readonly targets: { readonly expr: string }[]
  }[]
  readonly annotations: { readonly list: { readonly name: string; readonly expr: string }[] }
}

const board = JSON.parse(read('deploy/observe/board.json')) as Board
const expressions = [
  ...board.panels.flatMap(({ targets, title }) => targets.map(({ expr }) => [title, expr])),
  ...board.annotations.list.map(({ expr, name }) => [name, expr]),
] as [string, string][]

let families: Map<string, ParsedFamily>

beforeAll(async () => {
  // One of each kind of server, and a request, so that every label has a value.
  const proxy = await TestProxy.start({ servers: ['http://127.0.0.1:9', 'http://127.0.0.1:9'] })
  await fetch(`${proxy.url}/`)
  families = parseExposition(await (await fetch(`${proxy.url}/lb/metrics`)).text())
})

/** The name of a metric in an expression, as the exposition calls its family; and the labels that are asked of it. */
function namedIn(expression: string): { family: string; labels: string[] }[] {
  const found = expression.matchAll(/\b((?:lb|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)
  const by = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list.split(', '))
  return [...found].map(([, name, matchers = '']) => ({
    family: name.replace(/_bucket$/, ''),
    labels: [...matchers.matchAll(/(\w+)(?:!?=)/g)].map(([, label]) => label).concat(by),
  }))
}

describe('the board', () => {
  test('is not empty, and no two panels lie upon each other', () => {
    expect(board.panels.length).toBeGreaterThan(10)
    const cells = board.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })

  test.for(expressions)('%s: %s names metrics and labels that there are', ([, expression]) => {
    const named = namedIn(expression)
    expect(named).not.toEqual([])
    for (const { family, labels } of named) {
      expect([...families.keys()]).toContain(family)
      const known = [...families.get(family)!.series.values()].flatMap((each) =>
        Object.keys(each.labels),
      )
      for (const label of labels) expect(known).toContain(label)
    }
  })

  test('takes its figures from the data source that is set up', () => {
    const [{ datasources }] = yamlOf('deploy/observe/grafana/datasources/prometheus.yaml') as [
      { datasources: { uid: string }[] },
    ]
    const used = new Set(board.panels.map(({ datasource }) => datasource.uid))
    expect([...used]).toEqual([datasources[0].uid])
  })

  test.skipIf(!hasPromtool)(
    'is made of expressions that Prometheus can read, and so is its file',
    () => {
      const rules = expressions.map(([, expr], i) => ({
        record: `board:${i}`,
        expr: expr.replaceAll('$__rate_interval', '1m'),
      }))
      const folder = mkdtempSync(join(tmpdir(), 'evenkeel-board-'))
      writeFileSync(
        join(folder, 'rules.yml'),
        JSON.stringify({ groups: [{ name: 'board', rules }] }),
      )
      writeFileSync(join(folder, 'prometheus.yml'), read('deploy/observe/prometheus.yml'))
      for (const [what, file] of [
        ['rules', 'rules.yml'],
        ['config', 'prometheus.yml'],
      ]) {
        const { status, stderr } = spawnSync('promtool', ['check', what, join(folder, file)], {
          encoding: 'utf8',
        })
        expect([what, status, stderr]).toEqual([what, 0, ''])
      }
      rmSync(folder, { recursive: true })
    },
  )
})
