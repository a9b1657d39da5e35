import { describe, expect, test } from 'vitest'
import { importsOf, type Packages, violations, zoneOf } from './import-rules.ts'

describe('the rules', () => {
  const listed: Packages = { dependencies: ['undici'], devDependencies: ['fast-check', '@a/b'] }

  function broken(path: string, text: string): string[] {
    return violations(path, text, listed).map((problem) => problem.slice(path.length + 1))
  }

  function allows(path: string, ...imports: string[]): void {
    for (const each of imports) expect(broken(path, `import { x } from '${each}'`)).toEqual([])
  }

  function forbids(path: string, ...imports: string[]): void {
    for (const each of imports) {
      expect(broken(path, `import { x } from '${each}'`), `${path} → ${each}`).toHaveLength(1)
    }
  }

  test('know where a file belongs', () => {
    const zones = {
      'proxy/core/rng.ts': 'core',
      'proxy/strategies/random.ts': 'strategies',
      'proxy/main.ts': 'proxy',
      'proxy/http/exchange.ts': 'proxy',
      'simulator/trace/clf.ts': 'simulator',
      'experiments/live/up.ts': 'experiments',
      'test/architecture.test.ts': 'test',
      'test/laws/laws.test.ts': 'test',
      'test/laws/world.ts': 'laws',
      'dashboard/charts/lines.ts': 'charts',
      'cli.ts': 'root',
      'tools/x.ts': 'root',
    }
    for (const [path, zone] of Object.entries(zones)) expect(zoneOf(path)).toBe(zone)
  })

  test('let the core import the core only', () => {
    allows('proxy/core/a.ts', './b.ts')
    forbids('proxy/core/a.ts', '../strategies/random.ts', '../config.ts', 'undici', 'node:fs')
  })

  test('let strategies import the core, and only the registry strategies', () => {
    allows('proxy/strategies/a.ts', '../core/rng.ts')
    allows('proxy/strategies/index.ts', './random.ts')
    forbids('proxy/strategies/a.ts', './random.ts', '../settings.ts', 'undici', 'fast-check')
  })

  test('let the proxy import what is its own, Node, and packages that users get', () => {
    allows(
      'proxy/http/a.ts',
      '../core/rng.ts',
      '../strategies/index.ts',
      '../config.ts',
      'node:net',
    )
    allows('proxy/http/a.ts', 'undici', 'undici/types/dispatcher.js', '../../package.json')
    forbids(
      'proxy/http/a.ts',
      '../../simulator/a.ts',
      '../../backends/a.ts',
      'fast-check',
      'leftpad',
    )
  })

  test('let the simulator import pure code only', () => {
    allows('simulator/trace/a.ts', '../../proxy/core/rng.ts', '../../proxy/strategies/index.ts')
    forbids('simulator/a.ts', '../proxy/config.ts', '../backends/a.ts', 'node:fs', 'undici')
    allows('simulator/main.ts', 'node:fs', './scenario.ts')
  })

  test('let the laws import what they judge and what users get, and the experiments the laws', () => {
    allows('test/laws/a.ts', '../../proxy/core/rng.ts', '../../proxy/strategies/index.ts', './b.ts')
    allows('experiments/check/a.ts', '../../test/laws/a.ts')
    forbids('test/laws/a.ts', '../../proxy/config.ts', '../support/a.ts', 'fast-check')
    forbids('proxy/a.ts', '../test/laws/a.ts')
  })

  test('let backends import the simulator, and rng, clock, hash and report of the proxy', () => {
    allows('backends/a.ts', '../simulator/a.ts', './b.ts', 'undici', 'node:http')
    allows(
      'backends/a.ts',
      '../proxy/core/rng.ts',
      '../proxy/core/clock.ts',
      '../proxy/core/hash.ts',
      '../proxy/core/report.ts',
    )
    forbids('backends/a.ts', '../proxy/core/balancer.ts', '../proxy/config.ts')
    forbids('backends/a.ts', '../proxy/strategies/index.ts', '../experiments/a.ts')
  })

  test('let the dashboard import types of the proxy, and styles', () => {
    allows('dashboard/a.ts', '../proxy/core/histogram.ts', './a.css', '@a/b')
    forbids('dashboard/a.ts', '../proxy/settings.ts', '../backends/a.ts', './a.js')
    expect(broken('dashboard/a.ts', "import type { X } from '../proxy/settings.ts'")).toEqual([])
  })

  test('let charts import the core, and the page and the experiments charts', () => {
    allows('dashboard/charts/a.ts', './b.ts', '../../proxy/core/histogram.ts')
    allows('dashboard/a.ts', './charts/a.ts')
    allows('experiments/frame/a.ts', '../../dashboard/charts/a.ts')
    forbids('dashboard/charts/a.ts', '../a.ts', '../../simulator/a.ts', 'chart.js', 'node:fs')
    forbids('proxy/a.ts', '../dashboard/charts/a.ts')
  })

  test('let nobody import the dashboard, the experiments or the tests', () => {
    for (const path of ['proxy/a.ts', 'simulator/a.ts', 'backends/a.ts', 'dashboard/a.ts']) {
      forbids(path, '../experiments/a.ts', '../test/a.ts')
    }
    forbids('proxy/a.ts', '../dashboard/a.ts')
    forbids('experiments/live/a.ts', '../../dashboard/a.ts', '../../test/a.ts')
    forbids('cli.ts', './dashboard/a.ts', './test/a.ts')
    allows('cli.ts', './experiments/live/up.ts', './proxy/main.ts')
    allows('test/proxy/a.test.ts', '../../dashboard/a.ts', '../support/a.ts', '../../cli.ts')
  })

  test('want relative imports that end in .ts and stay inside', () => {
    forbids('proxy/a.ts', './b', './b.js', '/b.ts', '#b', '@/b.ts', '~/b.ts', '../../b.ts')
  })

  test('let only tests, which may import all, and the loader of strategies work out what they import', () => {
    for (const text of ['await import(name)', 'await import(`./a${1}.ts`)', 'require(a + b)']) {
      expect(broken('proxy/a.ts', text)).toHaveLength(1)
      expect(broken('test/a.test.ts', text)).toEqual([])
      expect(broken('proxy/strategy-module.ts', text)).toEqual([])
      expect(broken('proxy/strategy-file.ts', text)).toHaveLength(1)
    }
  })

  test('see every form of import', () => {
    const text = `
import a, { b } from './1.ts'
import type { C } from './2.ts'
import * as d from './3.ts'
import {
  e,
  type F,
} from "./4.ts"
import './5.ts'
export { g } from './6.ts'
export * from './7.ts'
export type { H } from './8.ts'
const i = await import('./9.ts')
start(); import { j } from './10.ts'; import './11.ts'
import { 'k-l' as k } from './12.ts'
import l, * as m from './13.ts'
export * as 'n-o' from './14.ts'
export type { P }
import { q } from './15.ts'
const quoted = /'/.test(r); import './16.ts' // '
const r = await import(\`./17.ts\`)
const s = await import('./18.ts', { with: { type: 'json' } })
import t = require('./19.ts')
const u = \`http://\${await import('./20.ts')} import './no.ts'\`
await import(\`./\${v}.ts\`)
// import './no.ts'
/* import './no.ts' */
const text = "import './no.ts'"
`
    const found = importsOf(text)
    const expected = Array.from({ length: 20 }, (_, index) => `./${index + 1}.ts`)
    expect(found.map(({ specifier }) => specifier).toSorted()).toEqual(
      [...expected, '(computed)'].toSorted(),
    )
    expect(found.filter(({ typeOnly }) => typeOnly).map(({ specifier }) => specifier)).toEqual([
      './2.ts',
      './8.ts',
    ])
  })

  test('notice impure code, and only code', () => {
    for (const name of [
      'Date',
      'Math.random',
      'setTimeout',
      'setInterval',
      'performance',
      'process',
      'console',
    ]) {
      const text = `const x = ${name}.x\n`
      expect(broken('proxy/core/a.ts', text)).toEqual([`uses ${name}, which pure code has not`])
      expect(broken('simulator/a.ts', `x(${name})`)).toHaveLength(1)
      expect(broken('proxy/http/a.ts', text)).toEqual([])
      expect(
        broken('proxy/core/a.ts', `// ${name}.x\n/** ${name} */\nconst x = '${name}'`),
      ).toEqual([])
    }
    expect(broken('proxy/core/a.ts', 'const { x } = a.process; a?.console')).toEqual([])
    expect(broken('proxy/core/a.ts', 'const x = Math.max(Math.PI, 1)')).toEqual([])
  })

  for (const [hidden, text] of [
    ['after a string that looks like a comment', "const url = 'http://x'; Date.now()"],
    ['in a template that looks like a comment', 'const url = `http://${Date.now()}`'],
    ['in a template in a template', 'const x = `${a ? `//${{ b: `}` }}${Date}` : 1}`'],
    ['after a template', 'const x = `it\'s ${`"`} //`; Date.now()'],
    ['after a regular expression with a quote', "x(/'/, /[/`]/, Date.now(), '')"],
    ['in a condition', 'const x = c ? Date : null'],
    ['in a spread', 'const x = { ...Date }'],
    ['as a key', 'const x = { Date }, y = { Date: 1 }'],
    ['beside a comment', 'const x = typeof/**/Date'],
  ]) {
    test(`notice a clock ${hidden}`, () => {
      expect(broken('proxy/core/a.ts', text)).toEqual(['uses Date, which pure code has not'])
    })
  }

  for (const text of [
    'const { random } = Math',
    "Math['random']()",
    'Math?.random()',
    'const m = Math\n',
  ]) {
    test(`notice chance taken as ${text.trim()}`, () => {
      expect(broken('simulator/a.ts', text)).toEqual(['uses Math, which pure code has not'])
    })
  }

  test('notice what engines round differently, where it would change a run', () => {
    for (const name of ['log', 'log2', 'exp', 'expm1', 'pow', 'sin', 'atan2', 'tanh', 'hypot']) {
      const text = `const x = Math.${name}(y)\n`
      const problem = `uses Math.${name}, which engines round differently`
      expect(broken('simulator/distributions/a.ts', text)).toEqual([problem])
      expect(broken('proxy/core/a.ts', text)).toHaveLength(1)
      expect(broken('simulator/theory/a.ts', text)).toEqual([])
    }
  })

  test('let no pure file get around its purity fence by a reference', () => {
    const text = '/// <reference types="node" />\n'
    for (const path of ['proxy/core/a.ts', 'proxy/strategies/a.ts', 'simulator/trace/a.ts']) {
      expect(broken(path, text)).toEqual(['references types, which gets around the purity fence'])
    }
    expect(broken('proxy/a.ts', text)).toEqual([])
  })

  test('measure files and read their names', () => {
    expect(broken('proxy/a.ts', 'x\n'.repeat(300))).toEqual([])
    expect(broken('proxy/a.ts', 'x\n'.repeat(301))).toEqual(['has 301 lines, more than 300'])
    for (const path of [
      'proxy/round-robin.ts',
      'test/a.test.ts',
      'vitest.config.ts',
      'proxy/a2.ts',
    ]) {
      expect(broken(path, '')).toEqual([])
    }
    for (const path of ['proxy/RoundRobin.ts', 'proxy/a_b.ts', 'proxy/Http/a.ts', 'proxy/a.b.ts']) {
      expect(broken(path, '')).toHaveLength(1)
    }
  })
})
