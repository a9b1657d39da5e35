/** Where a file belongs: what it may import, and what may import it, depends on nothing else. */
export type Zone =
  | 'core'
  | 'strategies'
  | 'proxy'
  | 'simulator'
  | 'backends'
  | 'dashboard'
  | 'charts'
  | 'scenarios'
  | 'experiments'
  | 'laws'
  | 'deploy'
  | 'test'
  | 'root'

interface Rule {
  /** Zones whose files it may import. */
  may: readonly Zone[]
  /** Runs anywhere: no Node, no clock, no chance, no timers of its own. */
  pure?: boolean
  /** npm packages: any that is installed, those users get too, or none. */
  packages: 'any' | 'dependencies' | 'none'
}

/** The import table of design.md, section 2. */
const RULES: Record<Zone, Rule> = {
  core: { may: ['core'], pure: true, packages: 'none' },
  strategies: { may: ['core', 'strategies'], pure: true, packages: 'none' },
  proxy: { may: ['core', 'strategies', 'proxy'], packages: 'dependencies' },
  simulator: { may: ['core', 'strategies', 'simulator'], pure: true, packages: 'none' },
  backends: { may: ['core', 'simulator', 'backends', 'proxy'], packages: 'dependencies' },
  dashboard: {
    may: ['core', 'strategies', 'simulator', 'proxy', 'dashboard', 'charts', 'scenarios'],
    packages: 'any',
  },
  /** Data in, SVG out: the page and the reports have one set of drawing functions. */
  charts: { may: ['core', 'charts'], pure: true, packages: 'none' },
  /** What experiments ask about, as plain data: pages show them, too. */
  scenarios: {
    may: ['core', 'strategies', 'simulator', 'scenarios'],
    pure: true,
    packages: 'none',
  },
  experiments: {
    may: [
      'core',
      'strategies',
      'proxy',
      'simulator',
      'backends',
      'laws',
      'charts',
      'scenarios',
      'experiments',
    ],
    packages: 'any',
  },
  /** The conformance kit: users run it over their own strategies, so it is no test's affair only. */
  laws: { may: ['core', 'strategies', 'simulator', 'laws'], packages: 'dependencies' },
  test: {
    may: [
      'core',
      'strategies',
      'proxy',
      'simulator',
      'backends',
      'dashboard',
      'charts',
      'scenarios',
      'experiments',
      'laws',
      'deploy',
      'test',
      'root',
    ],
    packages: 'any',
  },
  /** Makes of the house what is shipped: it looks at files, and runs none of them. */
  deploy: { may: ['deploy'], packages: 'any' },
  root: {
    may: ['core', 'strategies', 'proxy', 'simulator', 'backends', 'laws', 'charts', 'experiments'],
    packages: 'any',
  },
}

/** All that the fakes may take from the proxy. They are not to lean on what they test. */
const FOR_BACKENDS = ['rng', 'clock', 'hash', 'report'].map((name) => `proxy/core/${name}.ts`)

/**
 * What does not exist everywhere, or is different every time, and `Math` other than `Math.name`, which could hide its chance.
 * The bare name is enough, as a property's key too: a false alarm can be reworded, a miss costs a night.
 */
const IMPURE =
  /(?<![\w$]|(?<!\.\.)\.)(Date|Math\.random|Math(?!\.\w)|setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame|performance|process|console|Buffer|crypto|fetch|require|globalThis|window|document|navigator)\b/g

/**
 * What engines round as they please, so that a run would differ from one to the other: `proxy/core/logarithm.ts` says which do, and has
 * what to take instead. Powers of two are exact everywhere.
 */
const INEXACT =
  /\bMath\.(?:a?(?:sin|cos|tan)h?|atan2|cbrt|exp|expm1|hypot|log|log1p|log2|log10|pow)\b/g

/** They explain runs, and take no part in one. */
const BESIDE_RUNS = /^simulator\/(?:fit|statistics|theory|trace)\//

/** Brings types in past the `types: []` of a pure folder's tsconfig.json. */
const REFERENCE = /\/\/\/\s*<reference/

/**
 * What can hide code or only look like it: comments, strings, regular expressions, and the braces and backticks that
 * templates are made of. The formatter puts a space after a division, so a slash without one begins an expression.
 */
const TOKEN =
  /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"|\/(?!\s)(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|[{}`]/g
/** The text of a template, up to its end or to the code inside of it. */
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/y

/** An import with a number in its string's place. */
const STATEMENT =
  /\b(?:import|export)\s*(type\s+)?(?:(?:[\w$]+[\s,]*)?(?:\*(?:\s*as\s+[\w$']+)?|\{[^{}]*\})?\s*from\s*)?'(\d+)'/g
const CALL = /\b(?:import|require)\s*\(\s*(?:'(\d+)'\s*[,)])?/g

/** Loads strategies that users bring: nobody can know their files beforehand, and no other file may load what is not known. */
const LOADER = 'proxy/strategy-module.ts'

/** What stands for a specifier that only running the code would tell. */
const COMPUTED = '(computed)'

const MAX_LINES = 300
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/
const FILE_SUFFIX = /(\.(test|bench|config|d))?\.(tsx?|css|html)$/

export interface Import {
  specifier: string
  typeOnly: boolean
}

export interface Packages {
  dependencies: readonly string[]
  devDependencies: readonly string[]
}

/** Where the file with that path, relative to the root, belongs. */
export function zoneOf(path: string): Zone {
  if (path.startsWith('proxy/core/')) return 'core'
  if (path.startsWith('proxy/strategies/')) return 'strategies'
  if (path.startsWith('dashboard/charts/')) return 'charts'
  if (path.startsWith('test/laws/') && !path.endsWith('.test.ts')) return 'laws'
  if (/^experiments\/[\w-]+\/(scenario|surge)\.ts$/.test(path)) return 'scenarios'
  const [folder, rest] = path.split('/', 2)
  if (rest === undefined) return 'root'
  return folder in RULES ? (folder as Zone) : 'root'
}

/** The code without comments, with each string, quotes and all, and each piece of a template replaced. */
export function strip(text: string, replace = (string: string): string => string): string {
  /** For each template around: how many braces are open in the code inside of it. */
  const open: number[] = []
  let code = ''
  let at = 0
  for (;;) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (found === null) return code + text.slice(at)
    const [token] = found
    code += text.slice(at, found.index)
    at = TOKEN.lastIndex
    if (/^\/[/*]/.test(token)) code += token.replaceAll(/[^\n]+/g, ' ')
    else if (/^['"]/.test(token)) code += replace(token)
    else if (token === '`' || (token === '}' && open.at(-1) === 0)) {
      if (token === '}') open.pop()
      TEMPLATE.lastIndex = at
      const [chunk] = TEMPLATE.exec(text) ?? ['']
      at += chunk.length
      if (chunk.endsWith('${')) open.push(0)
      code += replace(token + chunk)
    } else {
      if (open.length > 0 && token === '{') open[open.length - 1]++
      if (open.length > 0 && token === '}') open[open.length - 1]--
      code += token
    }
  }
}

/** Everything the text imports: statements, re-exports, `import()` and `require()`. */
export function importsOf(text: string): Import[] {
  const strings: string[] = []
  // So that nothing inside of a string is taken for an import.
  const code = strip(text, (string) => `'${strings.push(string.slice(1, -1)) - 1}'`)
  return [
    ...[...code.matchAll(STATEMENT)].map(([, type, number]) => ({
      specifier: strings[Number(number)],
      typeOnly: type !== undefined,
    })),
    ...[...code.matchAll(CALL)].map(([, number]) => ({
      specifier: number === undefined ? COMPUTED : strings[Number(number)],
      typeOnly: false,
    })),
  ]
}

/** Everything about a file that breaks a rule of the house, in words; empty if all is well. */
export function violations(path: string, text: string, packages: Packages): string[] {
  const zone = zoneOf(path)
  // The command line of the simulator is its only part that needs Node.
  const rule = path === 'simulator/main.ts' ? { ...RULES.simulator, pure: false } : RULES[zone]
  const imports = importsOf(text)
  const found = imports.flatMap((each) => wrongImport(path, zone, rule, each, packages) ?? [])
  if (rule.pure === true) {
    if (REFERENCE.test(text)) found.push('references types, which gets around the purity fence')
    const code = strip(text, () => "''")
    const names = [...code.matchAll(IMPURE)].map(([, name]) => name)
    found.push(...[...new Set(names)].map((name) => `uses ${name}, which pure code has not`))
    const inexact = BESIDE_RUNS.test(path) ? [] : (code.match(INEXACT) ?? [])
    found.push(
      ...[...new Set(inexact)].map((name) => `uses ${name}, which engines round differently`),
    )
  }
  return [...found.map((problem) => `${path} ${problem}`), ...shapeOf(path, text)]
}

/** What of its size and name breaks a rule, whatever is in it. */
export function shapeOf(path: string, text: string): string[] {
  const found: string[] = []
  const lines = text.trimEnd().split('\n').length
  if (lines > MAX_LINES) found.push(`has ${lines} lines, more than ${MAX_LINES}`)
  const parts = path.replace(FILE_SUFFIX, '').split('/')
  const odd = parts.filter((part) => !KEBAB.test(part))
  found.push(...odd.map((part) => `is not named in kebab-case: ${part}`))
  return found.map((problem) => `${path} ${problem}`)
}

function wrongImport(
  path: string,
  zone: Zone,
  rule: Rule,
  { specifier, typeOnly }: Import,
  packages: Packages,
): string | undefined {
  const told = `imports ${specifier}`
  if (specifier.startsWith('node:')) {
    return rule.pure === true ? `${told}: pure code knows no Node` : undefined
  }
  if (specifier === COMPUTED) {
    return zone === 'test' || path === LOADER ? undefined : `${told}: nobody can tell what that is`
  }
  if (/^[/#~]|^@\//.test(specifier)) return `${told}: imports are relative`
  if (!specifier.startsWith('.')) return wrongPackage(told, rule, specifier, packages)

  const target = resolve(path, specifier)
  if (target === undefined) return `${told}: it is outside of the project`
  const asset = zone === 'dashboard' && /\.(css|svg|html)(\?\w+)?$/.test(specifier)
  if (!/\.(tsx?|json)$/.test(specifier) && !asset) return `${told}: it must end in .ts`
  const to = zoneOf(target)
  if (to === 'root' && target.endsWith('.json')) return undefined
  if (!rule.may.includes(to)) return `${told}: ${zone} may not import ${to}`
  if (zone === 'strategies' && to === 'strategies' && path !== 'proxy/strategies/index.ts') {
    return `${told}: only the registry imports strategies`
  }
  if (zone === 'backends' && isProxy(to) && !FOR_BACKENDS.includes(target)) {
    return `${told}: of the proxy backends may import rng, clock, hash and report only`
  }
  if (zone === 'dashboard' && to === 'proxy' && !typeOnly) {
    return `${told}: the dashboard may import types only from the proxy`
  }
  return undefined
}

function wrongPackage(
  told: string,
  rule: Rule,
  specifier: string,
  { dependencies, devDependencies }: Packages,
): string | undefined {
  if (rule.packages === 'none') return `${told}: packages are not allowed here`
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (dependencies.includes(name)) return undefined
  if (!devDependencies.includes(name)) return `${told}: package.json does not list it`
  return rule.packages === 'any' ? undefined : `${told}: users do not get devDependencies`
}

function isProxy(zone: Zone): boolean {
  return zone === 'core' || zone === 'strategies' || zone === 'proxy'
}

/** The path, relative to the root, that a relative import means; undefined if it leaves the root. */
function resolve(path: string, specifier: string): string | undefined {
  const parts = path.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}
