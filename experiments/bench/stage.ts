import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import type { Contender } from './contenders/contender.ts'
import { Program } from './program.ts'

const START_WITHIN = 10

/** The servers, the client, the contenders and their folder: what was started and has to be ended. */
export class Stage {
  client: Child
  readonly backend: Child
  readonly ports: readonly number[]
  readonly folder: string
  private readonly programs: Program[] = []
  private ended = false

  private constructor(client: Child, backend: Child, ports: number[]) {
    this.client = client
    this.backend = backend
    this.ports = ports
    this.folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'))
  }

  /** Runs `play` and ends everything, however that goes; also when we are interrupted. */
  static async with<Result>(play: (stage: Stage) => Promise<Result>): Promise<Result> {
    const backend = new Child(new URL('backend.ts', import.meta.url))
    const [client, { ports }] = await Promise.all([
      newClient(),
      backend.ask<{ ports: number[] }>(undefined, START_WITHIN),
    ])
    const stage = new Stage(client, backend, ports)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void stage.end().finally(() => process.exit(1)))
    }
    try {
      return await play(stage)
    } finally {
      await stage.end()
    }
  }

  async start(contender: Contender, ports: readonly number[] = this.ports): Promise<Program> {
    const program = await Program.start(contender, this.folder, [...ports])
    this.programs.push(program)
    return program
  }

  /** After a failure, when requests may still be in flight. */
  async replaceClient(): Promise<void> {
    await this.client.stop()
    if (!this.ended) this.client = await newClient()
  }

  private async end(): Promise<void> {
    this.ended = true
    await Promise.all([...this.programs, this.client, this.backend].map((part) => part.stop()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function newClient(): Promise<Child> {
  const client = new Child(new URL('client.ts', import.meta.url))
  await client.ask(undefined, START_WITHIN)
  return client
}
