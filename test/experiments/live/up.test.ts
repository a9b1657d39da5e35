import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url))

// Side by side, since most of the time they wait.

/** `evenkeel up`, as people run it. */
class Up {
  readonly process: ChildProcess
  output = ''
  errors = ''
  private changed = Promise.withResolvers<void>()

  constructor(...flags: string[]) {
    const { ALGORITHM: _, ...env } = process.env
    const free = ['--port', '0', '--backend-port', '0']
    this.process = spawn(process.execPath, [CLI, 'up', ...free, ...flags], { env })
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
      this.wake()
    })
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.process.on('close', () => this.wake())
  }

  /** Waits for the output to match. */
  async see(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output)
      if (match !== null) return match
      if (this.process.exitCode !== null) throw new Error(`ended:\n${this.output}\n${this.errors}`)
      await this.changed.promise
    }
  }

  async end(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, 'close')
    return this.process.exitCode
  }

  async fakes(): Promise<{ id: string; url: string; pid: number }[]> {
    await this.see(/b3 http\S+ \(pid \d+\)/)
    return [...this.output.matchAll(/(b\d) (http\S+) \(pid (\d+)\)/g)].map(([, id, url, pid]) => {
      return { id, url, pid: Number(pid) }
    })
  }

  async proxy(): Promise<{ url: string; pid: number }> {
    const [, url, pid] = await this.see(/^proxy +(http\S+) \(pid (\d+)\)/m)
    return { url, pid: Number(pid) }
  }

  /** Its children end by themselves. */
  [Symbol.dispose](): void {
    this.process.kill('SIGKILL')
  }

  private wake(): void {
    this.changed.resolve()
    this.changed = Promise.withResolvers()
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent('killing a fake during traffic costs no client an error, and shows it go down and come back', async () => {
  using up = new Up('--rate', '40')
  const fakes = await up.fakes()
  await up.see(/\d:\d\d +[\d,]+ due/)
  process.kill(fakes[1].pid, 'SIGKILL')
  await up.see(/b2 \(pid \d+\) was killed by SIGKILL; it starts again in 4 s/)
  await up.see(/b2 went down: \w+/)
  await up.see(/b2 was started again \(pid \d+\)/)
  await up.see(/b2 came back: \w+/)
  up.process.kill('SIGINT')
  expect(await up.end()).toBe(0)
  const { output } = up
  expect(output).toMatch(/^ {2}4xx +0 +0$/m)
  expect(output).toMatch(/^ {2}5xx +0 +0$/m)
  expect(output).toMatch(/^ {2}no whole answer +0 +0$/m)
  expect(output).toMatch(
    /b2 was started 2 times and counts from its last start: [\d,]+ of its [\d,]+/,
  )
  expect(output).toMatch(/The books balance: every one of [\d,]+ requests is accounted for\./)
  const restarted = Number(/b2 was started again \(pid (\d+)\)/.exec(output)![1])
  expect([...fakes.map(({ pid }) => pid), restarted].map(isRunning)).toEqual([
    false,
    false,
    false,
    false,
  ])
}, 30_000)

test.concurrent('a trace is replayed whole and every request of it accounted for', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
  try {
    const file = join(directory, 'small.tsv')
    const lines = Array.from({ length: 200 }, (_, i) => `${i * 3}\tclient${i % 9}\tGET\t/page/${i}`)
    writeFileSync(
      file,
      ['time\thost\tmethod\turl', ...lines, '600\tclient1\tHEAD\tpage'].join('\n'),
    )
    using up = new Up('--trace', file, '--speed', '600x', '--algorithm', 'least_connections')
    expect(await up.end()).toBe(0)
    expect(up.output).toContain('small.tsv, 201 requests of 10:00 at 600x')
    expect(up.output).toMatch(/^due +201$/m)
    expect(up.output).toMatch(/^ {2}unsendable +1$/m)
    expect(up.output).toMatch(/^ {2}2xx +200 +200$/m)
    expect(up.output).toContain('The books balance: every one of 201 requests is accounted for.')
  } finally {
    rmSync(directory, { recursive: true })
  }
}, 30_000)

test.concurrent('a port in use is told with the flag that changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const port = String((other.address() as AddressInfo).port)
  using proxy = new Up('--port', port)
  expect(await proxy.end()).toBe(1)
  expect(proxy.errors).toContain(
    `port ${port} on 127.0.0.1 is in use: choose another for the proxy with --port`,
  )
  using fake = new Up('--backend-port', port, '--servers', '1')
  expect(await fake.end()).toBe(1)
  expect(fake.errors).toContain(
    `port ${port} on 127.0.0.1 is in use: choose others for the fakes with --backend-port`,
  )
  other.close()
}, 30_000)

test.concurrent('the help says what a trace needs, how long the last requests get and what ends with 130', async () => {
  using up = new Up('--help')
  expect(await up.end()).toBe(0)
  const text = up.output.replaceAll(/\s+/g, ' ')
  expect(text).toContain('CSV or TSV under a header')
  expect(text).toContain('"evenkeel trace convert"')
  expect(text).toMatch(/--speed <factor> [^)]*600x \(default: 1\)/)
  expect(text).toContain('up to 10 s')
  expect(text).toMatch(/130 [^.]*second Ctrl-C/)
})

test.concurrent('a lab whose proxy dies says so, stops and exits 1', async () => {
  using up = new Up('--rate', '20')
  const [{ pid }] = await up.fakes()
  const proxy = await up.proxy()
  process.kill(proxy.pid, 'SIGKILL')
  expect(await up.end()).toBe(1)
  expect(up.errors).toContain('the proxy is gone: was killed by SIGKILL')
  expect(isRunning(pid)).toBe(false)
}, 30_000)

test.concurrent('a strategy of the user’s that is replaced on the way is told at once and in the summary, and exits 1', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'evenkeel-test-'))
  try {
    const file = join(directory, 'late.mjs')
    const sign = join(directory, 'now')
    writeFileSync(
      file,
      `import { existsSync } from 'node:fs'
export default class {
  update(servers) { this.servers = servers }
  pick() { if (existsSync(${JSON.stringify(sign)})) throw new Error('late'); return this.servers[0] }
  settled() {}
}`,
    )
    using up = new Up('--rate', '50', '--strategy', file)
    await up.see(/\d:\d\d +[\d,]+ due/)
    writeFileSync(sign, '')
    await up.see(/0:\d\d +the proxy: \S+late\.mjs breaks the law "it never throws/)
    up.process.kill('SIGINT')
    expect(await up.end()).toBe(1)
    const [, summary] = up.output.replaceAll(/\s+/g, ' ').split('Summary · ')
    expect(summary).toMatch(/^round_robin .* The proxy: \S+ breaks the law "it never throws/)
    expect(summary).toMatch(
      /pick threw Error: late \(late\.mjs:4:\d+\)\. Requests go on with round_/,
    )
    expect(up.output.match(/the proxy:/gi)).toHaveLength(2)
  } finally {
    rmSync(directory, { recursive: true })
  }
}, 30_000)

test.concurrent('a lab that is killed leaves nothing behind that listens', async () => {
  using up = new Up('--rate', '20')
  const places = [await up.proxy(), ...(await up.fakes())]
  const sockets = places.map(({ url }) => connect(Number(new URL(url).port), '127.0.0.1'))
  for (const socket of sockets) socket.resume()
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  // One that is killed may reset its connections as well: gone is gone.
  const closed = sockets.map(
    (socket) => new Promise((gone) => socket.on('error', () => {}).once('close', gone)),
  )
  up.process.kill('SIGKILL')
  await Promise.all(closed)
  for (const { url } of places) await expect(fetch(url)).rejects.toThrow('fetch failed')
}, 30_000)

test.concurrent.each([
  [['--rate', '0'], '--rate <number>'],
  [['--speed', '2'], '--speed needs a --trace'],
  [['--trace', '/nowhere/at/all.csv'], '/nowhere/at/all.csv does not exist'],
  [
    ['--algorithm', 'roundrobin'],
    'and files of your own like ./my-strategy.ts. Did you mean round_robin?',
  ],
])(
  'bad arguments exit 2 and say why: %j',
  async (flags, reason) => {
    using up = new Up(...flags)
    expect(await up.end()).toBe(2)
    expect(up.errors).toContain(reason)
    expect(up.output).toBe('')
  },
  30_000,
)
