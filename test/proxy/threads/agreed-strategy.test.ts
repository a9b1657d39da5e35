import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chooseStrategy, ROUND_ROBIN, trusted } from '../../../proxy/strategy-choice.ts'
import { agreedStrategy } from '../../../proxy/threads/agreed-strategy.ts'
import { roomFor } from '../../../proxy/threads/shared-memory.ts'

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
  const settings = { file, options: {} }
  const choice = await chooseStrategy({ servers: [], strategy: settings })
  const strategy = trusted(choice, ROUND_ROBIN, () => {})
  const room = new SharedArrayBuffer(roomFor(strategy, THREADS))
  const { print } = choice
  return { turn: 0, settings, fallback: 'round_robin', room, print, gaveWay: false }
}

const agreed = (told: Told) => agreedStrategy(told, THREADS, (message) => void said.push(message))

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
  expect((await agreed({ ...told, gaveWay: true })).promise).toBe('equal')
  expect(said).toEqual([])
})

test.each<[string, () => void, string]>([
  ['was edited', () => write('void 0'), 'has changed since it was chosen: to use it'],
  ['is gone', () => rmSync(file), 'cannot be read: no such file: to use it'],
  ['throws', () => writeFileSync(file, 'throw new Error()'), 'throws while it is loaded: '],
])('a file that %s makes room for round robin, and says why', async (_, change, why) => {
  write()
  const told = await chosen()
  change()
  expect((await agreed(told)).promise).toBe('equal')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(`${file} ${why}`)
  expect(said[0]).toMatch(/have the configuration read again\. Requests go on with round_robin$/)
})

test('one that asks for other memory than before is not used either', async () => {
  write('memory.floats(globalThis.more ?? 0)')
  const told = await chosen()
  Object.assign(globalThis, { more: 100 })
  try {
    expect((await agreed(told)).promise).toBe('equal')
    expect(said[0]).toContain('asks for other memory than when it was chosen')
  } finally {
    Object.assign(globalThis, { more: undefined })
  }
})
