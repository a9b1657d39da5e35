import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadStrategyFile, StrategyFileError } from '../../proxy/strategy-file.ts'
import { Program } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

function save(text: string, name = 'own.mjs'): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

async function problem(file: string): Promise<string> {
  const error: unknown = await loadStrategyFile(file).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StrategyFileError)
  const { message } = error as Error
  expect(message.startsWith(`${file} `)).toBe(true)
  return message.slice(file.length + 1)
}

const VERBS = 'update() {} pick() {} settled() {}'

describe('a strategy from a file', () => {
  it('is made by a class, whose name it has', async () => {
    const own = await loadStrategyFile(save(`export default class { name = 'mine'; ${VERBS} }`))
    expect(own).toMatchObject({ name: 'mine', promise: 'adaptive', keyed: false })
    expect([own.claims, own.excused]).toEqual([[], {}])
  })

  it('is made by a function, has the name of its file without one of its own, and says what it is', async () => {
    const file = save(`
      export const promise = 'equal', keyed = true, claims = ['turn'], excused = { starvation: 'standby' }
      export default (context, options) => ({
        update() {}, pick() {}, settled() {}, given: [context.memory.slots, options],
      })`)
    const own = await loadStrategyFile(file, { factor: 2 })
    expect(own).toMatchObject({
      name: 'own',
      promise: 'equal',
      keyed: true,
      claims: ['turn'],
      excused: { starvation: 'standby' },
    })
  })

  it('is another when the file has changed', async () => {
    const first = await loadStrategyFile(save(`export default class { name = 'one'; ${VERBS} }`))
    const second = await loadStrategyFile(save(`export default class { name = 'two'; ${VERBS} }`))
    expect([first.name, second.name]).toEqual(['one', 'two'])
  })

  it.each<[string, string | RegExp]>([
    ['', 'has no default export: write for example export default class MyStrategy'],
    ['export default 3', 'must have a class or a function as its default export, got 3'],
    ['export default {}', 'must have a class or a function as its default export, got an object'],
    ['export default class { pick() {} }', 'has a strategy without update and settled'],
    [`export default class { heard = 3; ${VERBS} }`, 'has a heard that is no method'],
    ['export default () => 7', 'must give a strategy from its default export, got 7'],
    [
      'export default async () => {}',
      'must give a strategy from its default export, not the promise of one',
    ],
    [
      'export default class { constructor() { throw new Error("x\\n y") } }',
      'cannot be made: its constructor threw Error: x y',
    ],
    [
      `export const promise = 'equl'\nexport default class { ${VERBS} }`,
      'must promise one of equal, weight, adaptive, got "equl"',
    ],
    [
      `export const keyed = 1\nexport default class { ${VERBS} }`,
      'must export keyed as true or false',
    ],
    [
      `export const claims = ['turns']\nexport default class { ${VERBS} }`,
      'claims "turns", which is no claim: did you mean turn?',
    ],
    [
      `export const claims = 'turn'\nexport default class { ${VERBS} }`,
      'must export claims as a list',
    ],
    [
      `export const excused = { turn: '' }\nexport default class { ${VERBS} }`,
      "must export excused as { law: 'why it need not obey it' }",
    ],
    ['\nthrow new TypeError("no")', 'throws while it is loaded: TypeError: no (own.mjs:2:7)'],
    ['throw 3', 'throws while it is loaded: 3'],
    ["import 'nowhere'", /^cannot be loaded: .*'nowhere'/],
    ['const a = 1\nclass { }', /^is not valid: .* \(own\.mjs:2\)$/],
  ])('is refused for %j', async (text, message) => {
    const found = await problem(save(text))
    if (typeof message === 'string') expect(found).toContain(message)
    else expect(found).toMatch(message)
  })

  it('is refused for TypeScript that Node cannot strip, with the place and the reason', async () => {
    // In a process of its own: the test runner has its own way with TypeScript.
    const file = save('const a: number = 1\nenum B { C }\n', 'own.ts')
    using program = new Program('cli.ts', ['check', file])
    expect(await program.exit()).toBe(2)
    const told = program.stdout.replaceAll(/\s+/g, ' ')
    expect(told).toContain(`${file} is TypeScript that Node cannot run: TypeScript enum`)
    expect(told).toContain('(own.ts:2). Node only takes types away')
  })

  it('is refused if there is no such file, it is a folder, or has another ending', async () => {
    expect(await problem(join(folder, 'none.ts'))).toBe('cannot be read: no such file')
    expect(await problem(join(folder, 'own.txt'))).toBe('must end in .ts, .js, .mts or .mjs')
  })
})
