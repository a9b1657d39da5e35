import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = '/usr/bin/redis-server'

/** Says so where there is none: a test that is left out should be seen. */
export function hasRedis(): boolean {
  const there = existsSync(PROGRAM)
  if (!there)
    console.warn(`no ${PROGRAM}: what needs Redis is not tested (apt-get install redis-server)`)
  return there
}

/** A Redis of our own, on a free port of the loopback, that keeps nothing. */
export class RedisServer {
  readonly port: number
  private readonly child: ChildProcess
  private readonly folder: string

  private constructor(port: number, child: ChildProcess, folder: string) {
    this.port = port
    this.child = child
    this.folder = folder
  }

  /** `more`: flags of redis-server, with spaces between; `{port}` in them stands for its port. */
  static async start(more: string): Promise<RedisServer> {
    const port = await freePort()
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-redis-'))
    const own = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    const place = more.includes('{port}') ? [] : ['--port', String(port)]
    const rest = more.replace('{port}', String(port)).split(' ')
    const child = spawn(PROGRAM, [...own, ...place, ...rest], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let said = ''
    child.stdout.setEncoding('utf8')
    while (!said.includes('Ready to accept connections')) {
      const [text] = (await Promise.race([
        once(child.stdout, 'data'),
        once(child, 'exit'),
      ])) as unknown[]
      if (typeof text !== 'string') throw new Error(`redis-server did not start: ${said}`)
      said += text
    }
    return new RedisServer(port, child, folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL')
      await once(this.child, 'exit')
    }
    rmSync(this.folder, { recursive: true })
  }
}

/** Redis cannot say which port it was given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
