import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { MUTANTS } from '../../laws/mutants/index.ts'
import type { Mutant } from '../../laws/mutants/mutant.ts'
import { Program } from '../../support/program.ts'

const SOURCES = fileURLToPath(new URL('../../laws/mutants', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-mutants-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** How many it looks at, and how a fleet of it is made, is nothing that a file can say: these are for the registry's own alone. */
const IN_NO_FILE = ['three choices instead of two', 'subsets of whole servers']

interface Found {
  readonly file: string
  readonly mutant: Mutant
}

/** Each as a file of a user's: what it claims, and a function that makes it. */
async function files(): Promise<Found[]> {
  const found: Found[] = []
  for (const source of readdirSync(SOURCES)) {
    const url = pathToFileURL(join(SOURCES, source)).href
    const exported = Object.entries((await import(url)) as Record<string, Mutant>)
    for (const [name, mutant] of exported) {
      if (!MUTANTS.includes(mutant)) continue
      const file = join(folder, `${name}.ts`)
      writeFileSync(
        file,
        `import { ${name} as mutant } from ${JSON.stringify(url)}
export const { claims } = mutant
export const { keyed, promise } = mutant.factory
export default (context: never) => mutant.factory.create(context)
`,
      )
      found.push({ file, mutant })
    }
  }
  return found
}

async function check(name: string, mutants: readonly Found[]) {
  const laws = mutants.map(({ file, mutant }) => ({ strategy: file, only: [mutant.caughtBy] }))
  const gate = join(folder, name)
  writeFileSync(gate, JSON.stringify({ laws }))
  using program = new Program('cli.ts', ['check', gate, '--format', 'json'])
  const code = await program.exit()
  return { code, ...(JSON.parse(program.stdout) as { laws: { strategies: Told[] } }) }
}

interface Told {
  readonly laws: readonly {
    readonly id: string
    readonly result: string
    readonly repeat?: string
  }[]
}

test('evenkeel check fails each broken strategy that a file can hold, and names the law', async () => {
  const all = await files()
  expect(all).toHaveLength(MUTANTS.length)
  const mutants = all.filter(({ mutant }) => !IN_NO_FILE.includes(mutant.name))
  expect(mutants).toHaveLength(MUTANTS.length - IN_NO_FILE.length)
  const middle = mutants.length >> 1
  const halves = [mutants.slice(0, middle), mutants.slice(middle)]
  // Two at a time: each strategy is judged in a process of its own, one after the other.
  const outcomes = await Promise.all(halves.map((half, i) => check(`${i}.json`, half)))
  expect(outcomes.map(({ code }) => code)).toEqual([99, 99])
  const told = outcomes.flatMap(({ laws }) => laws.strategies)
  const broken = told.map(({ laws }) => laws.filter(({ result }) => result === 'broken'))
  expect(broken.map((each) => each.map(({ id }) => id))).toEqual(
    mutants.map(({ mutant }) => [mutant.caughtBy]),
  )
  for (const [{ repeat }] of broken)
    expect(repeat).toMatch(/^npx evenkeel check .* --law .* --seed 1$/)
}, 120_000)
