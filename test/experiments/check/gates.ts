import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { Program } from '../../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-gate-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Four servers at three quarters: a p99 of about 125 ms in turns, and 185 ms at random. */
export const CALM = {
  duration: '10s',
  warmup: '1s',
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: '10ms' },
  servers: [{ id: 'b', count: 4 }],
}

export function file(name: string, content: string | object): string {
  const path = join(mkdtempSync(join(folder, 'own-')), name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** A gate of one scenario. */
export function gate(more: object, scenario: object = CALM, top: object = {}): string {
  return file('gate.json', { ...top, scenarios: [{ name: 'calm', scenario, ...more }] })
}

export async function check(...args: string[]) {
  using program = new Program('cli.ts', ['check', ...args])
  const code = await program.exit()
  const { stderr, stdout } = program
  return { code, stderr, stdout, words: stdout.replaceAll(/\s+/g, ' ') }
}

/** In turn, some to each. */
export function mine(inRow = 1, more = ''): string {
  return file(
    'mine.mjs',
    `${more}
export default class {
  next = 0
  update(servers) { this.servers = servers }
  pick() { return this.servers[Math.floor(this.next++ / ${inRow}) % this.servers.length] }
  settled() {}
}`,
  )
}
