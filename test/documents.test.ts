/**
 * Documentation that runs: what README.md and the pages under docs show is tried, so that it cannot be wrong for long.
 * (The habit is Ciw's and fast-check's.)
 */
import { execFile } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { loadSettings } from '../proxy/config.ts'
import type { Settings } from '../proxy/settings.ts'
import { STRATEGIES } from '../proxy/strategies/index.ts'
import { type Block, blocksOf, type Command, commandsOf, flagsOf, linksOf } from './markdown.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

/** What npm does by itself. */
const NPM = ['ci', 'install', 'exec', 'pack', 'init']
/** Verbs of ours that have verbs. */
const WITH_VERBS = ['trace']
/** What npm takes for itself in front of `--`. */
const NPM_FLAGS = ['-s', '--silent']

const pages = [
  'README.md',
  ...globSync('*.md', { cwd: ROOT }),
  ...globSync('docs/**/*.md', { cwd: ROOT }),
]
const documents = [...new Set(pages)].filter((page) => page !== 'CHANGELOG.md')

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

function helpOf(verb: string): Promise<string> {
  const known = helps.get(verb)
  if (known !== undefined) return known
  const help = run(process.execPath, ['cli.ts', ...verb.split(' '), '--help'], { cwd: ROOT }).then(
    ({ stdout }) => stdout,
  )
  helps.set(verb, help)
  return help
}
const helps = new Map<string, Promise<string>>()

/** What `npm start -- --rate 5` or `npm run proxy` comes to: a verb of ours and what is passed on to it. */
function verbOf(words: readonly string[]): { verb: string; rest: string[] } | undefined {
  const [program, first, ...rest] = words
  if (program === 'npx' && first === 'evenkeel') {
    // A verb that has verbs of its own has flags there only.
    const words = WITH_VERBS.includes(rest[0]) ? 2 : 1
    return { verb: rest.slice(0, words).join(' '), rest: rest.slice(words) }
  }
  if (program === 'npm') {
    const named = first === 'run' ? rest[0] : first
    const after = words.indexOf('--')
    const passed = after < 0 ? [] : words.slice(after + 1)
    const script = (manifest.scripts[named] ?? '').split(' ')
    const direct = /^node (?:cli\.ts (\w+)|(proxy)\/main\.ts|(backend)s\/main\.ts)/
    const verb = direct
      .exec(script.join(' '))
      ?.slice(1)
      .find((found) => found !== undefined)
    if (verb !== undefined) return { verb, rest: passed }
  }
  return undefined
}

/** Everything about a command that cannot be so, in words. */
async function faults({ variables, words }: Command): Promise<string[]> {
  const found: string[] = []
  const [program, first, second] = words
  if (program === 'npm') {
    const script = first === 'run' ? second : first
    const known = script in manifest.scripts || (first !== 'run' && NPM.includes(first))
    if (!known) found.push(`npm knows no ${script}`)
    const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
    const swallowed = flagsOf(own).filter((flag) => !NPM_FLAGS.includes(flag))
    if (known && !NPM.includes(first))
      found.push(...swallowed.map((flag) => `npm keeps ${flag} for itself`))
  }
  const called = verbOf(words)
  if (called !== undefined) {
    const help = await helpOf(called.verb)
    const listed = (name: string): boolean => new RegExp(`(?<![\\w-])${name}\\b`).test(help)
    if (!help.startsWith(`Usage: evenkeel ${called.verb} `)) {
      found.push(`there is no verb ${called.verb}`)
    } else {
      const flags = flagsOf(called.rest).filter((flag) => !listed(flag))
      found.push(...flags.map((flag) => `${called.verb} has no ${flag}`))
      const unknown = variables.filter((variable) => !listed(variable))
      found.push(...unknown.map((variable) => `${called.verb} knows no variable ${variable}`))
    }
  }
  for (const word of words) {
    const top = /^(?:\.\/)?([\w-]+)\/[\w./-]+$/.exec(word)?.[1]
    // What is built is there after the build.
    const ours = top !== undefined && top !== 'dist' && existsSync(join(ROOT, top))
    if (ours && !existsSync(join(ROOT, word))) found.push(`there is no ${word}`)
    if (/^[\w-]+\.(ts|js|md)$/.test(word) && !existsSync(join(ROOT, word)))
      found.push(`there is no ${word}`)
  }
  return found.map((fault) => `${words.join(' ')}: ${fault}`)
}

/** Runs a block of TypeScript as if its file were in the root of the checkout. Throws what it throws. */
async function runTypeScript(text: string): Promise<void> {
  // In a folder of its own, hidden so that no other test finds it, and inside so that packages resolve.
  const folder = mkdtempSync(join(ROOT, '.documents-'))
  try {
    const root = pathToFileURL(ROOT).href
    const rewritten = text.replaceAll(/(from\s+|import\s*\(?\s*)(['"])\.\//g, `$1$2${root}`)
    writeFileSync(join(folder, 'block.ts'), rewritten)
    await run(process.execPath, [join(folder, 'block.ts')], { cwd: ROOT, timeout: 15_000 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function settingsOf(name: string, text: string): Settings {
  return loadSettings({ flags: { config: name }, readFile: () => text }).settings
}

function isConfiguration(block: Block): boolean {
  return block.language === 'yaml' && /^# [\w-]+\.yaml\b/.test(block.text)
}

for (const page of documents) {
  describe(page, () => {
    const text = read(page)
    for (const block of blocksOf(text)) {
      const where = `line ${block.line}`
      if (['sh', 'bash', 'shell', 'console'].includes(block.language)) {
        test(`${where}: every command names what exists`, async () => {
          const all = await Promise.all(commandsOf(block.text).map(faults))
          expect(all.flat()).toEqual([])
        })
      } else if (block.language === 'ts') {
        test(`${where}: the code runs`, () => runTypeScript(block.text))
      } else if (isConfiguration(block)) {
        test(`${where}: the configuration is valid`, () => {
          expect(() => settingsOf('lb.yaml', block.text)).not.toThrow()
        })
      }
    }

    test('links lead somewhere', () => {
      const targets = linksOf(text).map((link) => join(dirname(page), link))
      expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([])
    })
  })
}

describe('README.md', () => {
  const readme = read('README.md')

  test('shows the two commands that do everything on its first screen', () => {
    const first = readme.split('\n').slice(0, 25).join('\n')
    const commands = blocksOf(first).map((block) => block.text.trim())
    expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test'])
  })

  test('lists the strategies that there are', () => {
    const table = readme.slice(readme.indexOf('## Strategies'))
    const names = [...table.slice(0, table.indexOf('\n\nEach')).matchAll(/^\| `(\w+)`/gm)].map(
      ([, name]) => name,
    )
    expect(names).toEqual(STRATEGIES.map((entry) => entry.name))
  })

  test('is short enough to be read', () => {
    expect(statSync(join(ROOT, 'README.md')).size).toBeLessThan(15_000)
  })
})

describe('docs/proxy.md', () => {
  test('shows a configuration of which everything but the servers is the default, as it says', () => {
    const block = blocksOf(read('docs/proxy.md')).find(isConfiguration)!
    const { servers, ...shown } = settingsOf('lb.yaml', block.text)
    const { servers: _, ...defaults } = settingsOf(
      'lb.yaml',
      'servers: [{ url: http://127.0.0.1:9001 }]',
    )
    expect(shown).toEqual(defaults)
    expect(servers).not.toEqual([])
  })
})

describe('this test notices', () => {
  const cases = {
    'npm run nothing': 'npm knows no nothing',
    'npm begin': 'npm knows no begin',
    'npm start --rate 5': 'npm keeps --rate for itself',
    'npm start -- --rat 5': 'up has no --rat',
    'npx evenkeel sail': 'there is no verb sail',
    'npx evenkeel up --rates 5': 'up has no --rates',
    'npx evenkeel trace fit x.log --spread': 'trace fit has no --spread',
    'npx evenkeel up --algorithm=x --nope=1': 'up has no --nope',
    'ALGORITHMS=x npm run proxy': 'proxy knows no variable ALGORITHMS',
    'node experiments/nothing.ts': 'there is no experiments/nothing.ts',
    'node nothing.ts': 'there is no nothing.ts',
  }
  for (const [shell, fault] of Object.entries(cases)) {
    test(`"${shell}"`, async () => {
      const found = await Promise.all(commandsOf(shell).map(faults))
      expect(found.flat()).toEqual([expect.stringContaining(fault)])
    })
  }

  test('and lets pass what is right', async () => {
    const shell = `# a comment; npm run nothing
npm ci && npm start -- --rate 5 --seed 3   # npm run nothing
ALGORITHM=rr BACKEND_SERVERS='http://a;weight=3,http://b' npm run proxy -- --check | cat
npx evenkeel up --trace traces/access.tsv \\
  --speed 600; node cli.ts
curl -N http://127.0.0.1:8080/lb/events`
    const found = await Promise.all(commandsOf(shell).map(faults))
    expect(found.flat()).toEqual([])
  })

  test('code that throws, that does not resolve, or whose types Node cannot strip', async () => {
    await expect(runTypeScript("throw new Error('no')")).rejects.toThrow('no')
    await expect(runTypeScript("import './proxy/nothing.ts'")).rejects.toThrow('nothing')
    await expect(runTypeScript('enum A { B }')).rejects.toThrow()
    const good =
      "import { Rng } from './proxy/core/rng.ts'\nconst n: number = new Rng(1).int(6)\nif (n > 5) throw n"
    await expect(runTypeScript(good)).resolves.toBeUndefined()
  })

  test('a configuration with a typing error', () => {
    expect(() => settingsOf('lb.yaml', 'servers: [{ url: http://a }]\nlissten: 1')).toThrow(
      'lissten',
    )
  })
})

describe('Markdown', () => {
  test('blocks have a language, a line and a text without the indentation of their fence', () => {
    const text = 'a\n```sh\nx\n\ny\n```\n- b\n  ```\n  z\n  ```\n````md\n```sh\n````\n'
    expect(blocksOf(text)).toEqual([
      { language: 'sh', line: 3, text: 'x\n\ny\n' },
      { language: '', line: 9, text: 'z\n' },
      { language: 'md', line: 12, text: '```sh\n' },
    ])
    expect(() => blocksOf('```sh\nx\n')).toThrow('no end')
  })

  test('commands are split, joined, unquoted and freed of comments', () => {
    const shell = `A=1 B='x;y' npm run z -- "a b"  && c | d # e\n$ f \\\n  --g; h http://x/#i &\n# j`
    expect(commandsOf(shell)).toEqual([
      { variables: ['A', 'B'], words: ['npm', 'run', 'z', '--', 'a b'] },
      { variables: [], words: ['c'] },
      { variables: [], words: ['d'] },
      { variables: [], words: ['f', '--g'] },
      { variables: [], words: ['h', 'http://x/#i'] },
    ])
  })

  test('links to other sites and within the page are not ours', () => {
    expect(linksOf('[a](b.md#c) [d](#e) [f](https://g/h) ![i](j/k.png)')).toEqual([
      'b.md',
      'j/k.png',
    ])
  })
})
