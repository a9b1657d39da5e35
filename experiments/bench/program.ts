import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Contender, Place } from './contenders/contender.ts'

const READY_WITHIN = 10_000
const STOPPED_WITHIN = 10_000

/** A contender that runs: started by us, ended by us, by its id. */
export class Program {
  readonly port: number
  private readonly process: ChildProcess

  private constructor(process: ChildProcess, port: number) {
    this.process = process
    this.port = port
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  /** Its configuration, logs and messages are in a folder of its own below `folder`. Resolves once it accepts. */
  static async start(contender: Contender, folder: string, backends: number[]): Promise<Program> {
    const place: Place = { folder: join(folder, contender.name), port: await freePort(), backends }
    mkdirSync(place.folder, { recursive: true })
    const command = contender.command(place)
    const output = join(place.folder, 'output.log')
    const errors = join(place.folder, 'errors.log')
    const stdio = ['ignore', openSync(output, 'a'), openSync(errors, 'a')] as const
    // Nothing else of ours: a variable that one of them reads would change what is measured.
    const env = { PATH: process.env['PATH'], ...command.env }
    const child = spawn(command.file, command.args, { cwd: place.folder, env, stdio: [...stdio] })
    for (const file of stdio.slice(1)) closeSync(Number(file))
    const failed = once(child, 'error').then(([error]) => String(error))
    const gone = once(child, 'exit').then(([code, signal]) => `it ended with ${code ?? signal}`)
    const program = new Program(child, place.port)
    const why = await Promise.race([program.accepts(), failed, gone])
    if (why === undefined) return program
    await program.stop()
    const said = readFileSync(errors, 'utf8').replaceAll(place.folder, '').trim().split('\n')
    throw new Error([`did not start: ${why}`, ...said.slice(-3)].join('; '))
  }

  /** Ends it in order, and at once if that takes too long. */
  async stop(): Promise<void> {
    const { process } = this
    if (process.pid === undefined || process.exitCode !== null || process.signalCode !== null)
      return
    const gone = once(process, 'exit')
    process.kill('SIGTERM')
    const late = setTimeout(() => process.kill('SIGKILL'), STOPPED_WITHIN)
    await gone
    clearTimeout(late)
  }

  /** Why not, if it does not. */
  private async accepts(): Promise<string | undefined> {
    const until = performance.now() + READY_WITHIN
    while (performance.now() < until) {
      if (await canConnect(this.port)) return undefined
      await delay(20)
    }
    return `nobody listens on its port after ${READY_WITHIN / 1000} s`
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.end(() => resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

/** A port that was free a moment ago: most contenders cannot tell which one the system gave them. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
