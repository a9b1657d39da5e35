import { readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SOURCES as FAKE_SOURCES } from '../backends/settings.ts'
import { loadSettings } from '../proxy/config.ts'
import { SOURCES } from '../proxy/config-sources.ts'
import { Program } from './support/program.ts'

const VERBS = 'up proxy backend sim sweep load check trace experiment twin plan completion'.split(
  ' ',
)
/** Verbs of verbs. */
const PARTS = ['sweep merge', 'sweep worker', 'trace inspect', 'trace convert', 'trace fit']
const ROOT = new URL('../', import.meta.url)

async function evenkeel(...args: string[]) {
  using program = new Program('cli.ts', args)
  const code = await program.exit()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

/** These words, however the help is wrapped. */
function words(text: string): RegExp {
  return new RegExp(RegExp.escape(text).replaceAll('\\x20', '\\s+'))
}

/** What is loaded before any verb runs: every module that a file imports statically, or at its top level, and so on. */
function staticImports(file: URL, found = new Set<string>()): Set<string> {
  const source = readFileSync(file, 'utf8')
  const imports =
    /^(?:import|export) (?!type).*?from '(.+?)'|^const [^\n]* = await import\('(.+?)'\)/gms
  for (const [, of, at] of source.matchAll(imports)) {
    const name = of ?? at
    if (name.startsWith('.')) {
      const next = new URL(name, file)
      if (found.has(next.href)) continue
      found.add(next.href)
      staticImports(next, found)
    } else {
      found.add(name)
    }
  }
  return found
}

describe('evenkeel', () => {
  it('is a program that the shell can run', () => {
    expect(readFileSync(new URL('cli.ts', ROOT), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    expect(statSync(new URL('cli.ts', ROOT)).mode & 0o111).toBe(0o111)
  })

  it('shows with --help what each verb does, with an example', async () => {
    const { code, stdout } = await evenkeel('--help')
    expect(code).toBe(0)
    const listed = stdout.slice(stdout.indexOf('\nCommands:'), stdout.indexOf('\n  help '))
    expect([...listed.matchAll(/^ {2}(\w+)/gm)].map(([, verb]) => verb).toSorted()).toEqual(
      VERBS.toSorted(),
    )
    for (const verb of VERBS) expect(stdout.split(`\n  npx evenkeel ${verb} `)).toHaveLength(2)
  })

  it('shows with --version the version of its package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))
    expect(await evenkeel('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('shows its help on standard error when no verb is given, and exits with 2', async () => {
    const { code, stdout, stderr } = await evenkeel()
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('Usage: evenkeel')
  })

  it.each([
    [['prxy'], "error: unknown command 'prxy'\n(Did you mean proxy?)\n"],
    [['--verion'], "error: unknown option '--verion'\n(Did you mean --version?)\n"],
    [['proxy', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\n"],
  ])('exits with 2 for %j, and says what may have been meant', async (args, stderr) => {
    expect(await evenkeel(...args)).toEqual({ code: 2, stdout: '', stderr })
  })

  it.each([...VERBS, ...PARTS])(
    'shows with %s --help its flags, an example and its exit codes',
    async (verb) => {
      const { code, stdout } = await evenkeel(...verb.split(' '), '--help')
      expect(code).toBe(0)
      expect(stdout).toContain('Options:')
      expect(stdout).toContain(`evenkeel ${verb} `)
      expect(stdout).toMatch(/Examples?:\n/)
      expect(stdout).toMatch(/Exit codes:/)
      expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
    },
  )

  it('shows its help to whoever leaves in the middle of it', async () => {
    using program = new Program('cli.ts', ['load', '--help'])
    program.child.stdout!.destroy()
    expect([await program.exit(), program.stderr]).toEqual([0, ''])
  })

  it('lists every flag of the proxy, and the variable that does the same', async () => {
    const { stdout } = await evenkeel('proxy', '--help')
    for (const { flag, variable } of SOURCES) {
      if (flag === undefined) continue
      expect(stdout).toContain(flag)
      expect(stdout).toContain(variable ?? '')
    }
  })

  it('tells of the proxy its defaults, how servers are written, its pages and its exit codes', async () => {
    const { stdout } = await evenkeel('proxy', '--help')
    for (const each of SOURCES) {
      if (each.default !== undefined) expect(stdout).toMatch(words(`(default: ${each.default}`))
    }
    expect(stdout).toContain('URL[;weight=3][;max=100][;backup][;id=name]')
    for (const page of ['', 'stats', 'metrics', 'health', 'ready', 'events']) {
      expect(stdout).toMatch(new RegExp(`/lb/${page} `))
    }
    for (const code of [0, 1, 2]) expect(stdout).toMatch(new RegExp(`^  ${code}  \\w`, 'm'))
  })

  it('tells the defaults of the proxy as they are', () => {
    const servers = { backendServers: 'http://a' }
    const flags: Record<string, string> = {}
    for (const { flag, default: standard } of SOURCES) {
      const name = flag
        ?.replace(/^--| .*/g, '')
        .replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
      if (name === undefined || standard === undefined || standard.includes(' ')) continue
      flags[name] = standard
    }
    expect(Object.keys(flags)).toContain('accessLog')
    expect(loadSettings({ flags: { ...flags, ...servers } })).toEqual(
      loadSettings({ flags: servers }),
    )
  })

  it('tells of a fake every flag with its default and its variable, and its exit codes', async () => {
    const { stdout } = await evenkeel('backend', '--help')
    for (const { flag, argument, variable, default: standard } of FAKE_SOURCES) {
      expect(stdout).toContain(`--${flag} <${argument}>`)
      expect(stdout).toMatch(words(`(default: ${standard}, env: ${variable})`))
    }
    expect(stdout).not.toContain('<value>')
    for (const code of [0, 1, 2]) expect(stdout).toMatch(new RegExp(`^  ${code}  \\w`, 'm'))
  })

  it('runs the proxy by its verb', async () => {
    const args = ['proxy', '--check', '--backend-servers', 'http://a']
    const stdout = 'configuration ok: round_robin over 1 server\n'
    expect(await evenkeel(...args)).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('loads nothing heavy before it knows the verb', () => {
    const packages = [...staticImports(new URL('cli.ts', ROOT))].filter(
      (name) => !name.startsWith('file:') && !name.startsWith('node:'),
    )
    expect(new Set(packages)).toEqual(new Set(['commander']))
  })
})
