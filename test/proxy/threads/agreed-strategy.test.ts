import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseStrategy, ROUND_ROBIN, trusted } from '../../../proxy/strategy-choice.ts'
import { agreedStrategy } from '../../../proxy/threads/agreed-strategy.ts'
import { bytesFor } from '../../../proxy/threads/shared-memory.ts'
import { testSettings } from '../../support/proxy.ts'

const THREADS = 3

let folder: string
let file: string
let said: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-agreed-'))
  file = join(folder, 'own.js')
  said = []
})

afterEach(() => rmSync(folder, { recursive: true }))

function write(more = ''): void {
  writeFileSync(
    file,
    `export default class {
  name = 'own'
  constructor({ memory }) { this.cursor = memory.ints(1); ${more} }
  update(servers) { this.servers = servers }
  pick() { return this.servers[this.cursor[0]++ % this.servers.length] }
  settled() {}
}`,
  )
}

type Told = Parameters<typeof agreedStrategy>[0]

/** What a worker is told by a coordinator that has chosen now. */
async function chosen(): Promise<Told> {
  const settings = testSettings({ servers: [], strategy: { file, options: {} }, workers: 2 })
  const choice = await chooseStrategy(settings)
  const strategy = trusted(choice, ROUND_ROBIN, () => {})
  const buffer = new SharedArrayBuffer(bytesFor(settings, strategy, THREADS))
  return { settings, buffer, threads: THREADS, print: choice.print, gaveWay: false }
}

const agreed = (told: Told) => agreedStrategy(told, (message) => void said.push(message))

test('a file that is as it was is used', async () => {
  write()
  const strategy = await agreed(await chosen())
  expect(strategy).not.toBe(ROUND_ROBIN.factory)
  expect(strategy.promise).toBe('adaptive')
  expect(said).toEqual([])
})

test('one that was given up is not even loaded', async () => {
  write()
  const told = await chosen()
  rmSync(file)
  expect(await agreed({ ...told, gaveWay: true })).toBe(ROUND_ROBIN.factory)
  expect(said).toEqual([])
})

test.each<[string, () => void, string]>([
  ['was edited', () => write('void 0'), 'has changed since the proxy was started: to use it'],
  ['is gone', () => rmSync(file), 'cannot be read: no such file: to use it'],
  ['throws', () => writeFileSync(file, 'throw new Error()'), 'throws while it is loaded: '],
])('a file that %s makes room for round robin, and says why', async (_, change, why) => {
  write()
  const told = await chosen()
  change()
  expect(await agreed(told)).toBe(ROUND_ROBIN.factory)
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(`${file} ${why}`)
  expect(said[0]).toMatch(/start the proxy anew\. Requests go on with round_robin$/)
})

test('one that asks for other memory than at the start is not used either', async () => {
  write('memory.floats(globalThis.more ?? 0)')
  const told = await chosen()
  Object.assign(globalThis, { more: 100 })
  try {
    expect(await agreed(told)).toBe(ROUND_ROBIN.factory)
    expect(said[0]).toContain('asks for other memory than at the start')
  } finally {
    Object.assign(globalThis, { more: undefined })
  }
})
