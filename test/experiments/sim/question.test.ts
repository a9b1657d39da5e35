import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { questionOf } from '../../../experiments/sim/question.ts'
import type { SimFlags } from '../../../experiments/sim/options.ts'
import { Interrupt } from '../../../experiments/live/interrupt.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-question-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function ask(path: string | undefined, flags: Partial<SimFlags>): Promise<unknown> {
  return questionOf(path, flags as SimFlags, new Interrupt(() => {}))
}

test('what a flag makes of a scenario is checked again', async () => {
  const path = write(
    'growing.yaml',
    `
duration: 10s
arrivals: { type: poisson, rate: 10 }
work: { type: constant, value: 1 }
servers: [{}]
events: [{ at: 1, every: 5s, add: {} }]
`,
  )
  await expect(ask(path, { duration: 3e11 })).rejects.toThrow(/^servers must be at most 100000/)
  await expect(ask(path, { duration: 1 })).rejects.toThrow(
    /^events\[0\]\.at must be below duration \(1\), got 1/,
  )
})

test('a trace with a time that nobody meant is refused, and not replayed for ever', async () => {
  const trace = write('far.ndjson', '{"t":0,"service_ms":1}\n{"t":3e9,"service_ms":1}\n')
  await expect(ask(undefined, { trace, strategy: ['round_robin'] })).rejects.toThrow(
    /^duration must be at most 1000000000000/,
  )
})
