import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Program } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'

interface State {
  bodyBytes: number
  counts: { serving: number }
}

const LOCAL = { HOST: '127.0.0.1', PORT: '0', SERVER_ID: 'b5' }

function backend(env: Record<string, string>, ...args: string[]): Program {
  return new Program('backends/main.ts', args, env)
}

/** Asks until it is so: every question is a turn of the fake, so nothing sleeps. */
async function until(url: string, done: (state: State) => boolean): Promise<void> {
  while (!done((await (await fetch(`${url}/_fake`)).json()) as State));
}

describe('a fake as a program', () => {
  test('says where it listens, answers there, and ends with 0 on SIGTERM', async () => {
    using program = backend(LOCAL)
    const url = await program.listening()
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ server: 'b5', status: 'ok' })
    program.child.kill('SIGTERM')
    expect(await program.exit()).toBe(0)
    expect([program.stdout, program.stderr]).toEqual([
      `b5 listens on ${url} (process ${program.child.pid})\n`,
      '',
    ])
  })

  test('answers who is inside before it ends, and ends when its parent is gone', async () => {
    using program = backend(LOCAL, '--max-latency', '0')
    const url = await program.listening()
    const client = await RawClient.connect(Number(new URL(url).port))
    client.send('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n1')
    await until(url, (state) => state.bodyBytes === 1)
    program.child.disconnect()
    client.send('2')
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(await program.exit()).toBe(0)
  })

  test('ends at once on a second signal', async () => {
    using program = backend({ ...LOCAL, MIN_LATENCY: '60m' })
    const url = await program.listening()
    const answer = fetch(url).then(
      () => 'answered',
      () => 'cut off',
    )
    await until(url, (state) => state.counts.serving === 1)
    program.child.kill('SIGINT')
    // Once it stops it accepts no connection: only then is the next signal the second one.
    while (
      await fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
        (response) => response.status === 200,
        () => false,
      )
    );
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(1)
    expect(await answer).toBe('cut off')
  })

  test('refuses bad settings with every reason, and exits with 2', async () => {
    using program = backend({ FAILURE_RATE: '1.5', QUEUE: 'x' }, '--port', '99999')
    expect(await program.exit()).toBe(2)
    expect([program.stdout, program.stderr]).toEqual([
      '',
      `evenkeel backend: bad configuration:
  --port must be a whole number from 0 to 65535, got 99999
  FAILURE_RATE must be from 0 to 1, got 1.5
  QUEUE must be a whole number of at least 0, got x
`,
    ])
  })

  test('refuses bad arguments, and exits with 2', async () => {
    using program = backend({}, '--prot', '1')
    expect(await program.exit()).toBe(2)
    expect(program.stderr).toBe("error: unknown option '--prot'\n(Did you mean --port?)\n")
  })

  test('names the address that is in use and what to change, tells its parent, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    using program = backend({ ...LOCAL, PORT: String(port) })
    expect(await program.exit()).toBe(1)
    const message = `b5 cannot listen on 127.0.0.1:${port}: it is in use; choose another port with --port or PORT`
    expect(program.stderr).toBe(`evenkeel backend: ${message}\n`)
    expect(program.messages).toEqual([{ type: 'failed', code: 'EADDRINUSE', message }])
    other.close()
  })
})
