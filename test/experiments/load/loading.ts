import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Server as SocketServer } from 'node:net'
import { afterEach } from 'vitest'
import { Program } from '../../support/program.ts'
import { listening } from './listening.ts'

/** Closed after each test. */
export const servers: (Server | SocketServer)[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
})

interface Seen {
  readonly requests: string[]
}

export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.setHeader('x-served-by', 'b1').end('ok')
  },
): Promise<{ url: string } & Seen> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    handler(request, response)
  })
  servers.push(server)
  return { url: await listening(server), requests }
}

/** Runs the verb. Machines that are busy with other tests are late, and have better things to do than to rehearse. */
export async function load(...args: string[]) {
  const rest = args.includes('--rehearsal') ? [] : ['--rehearsal', '0']
  using program = new Program('cli.ts', ['load', ...args, '--max-lateness', '1m', ...rest])
  const code = await program.exit()
  return { code, stdout: program.stdout, stderr: program.stderr }
}
