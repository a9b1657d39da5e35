/**
 * `npm run bench:switch`: does a reload or a change of the strategy keep a request waiting? Requests come by the clock (an open model, so that
 * one that waits holds up no other), in calm stretches and in stretches with a change every so often, in turn: what the machine does by itself
 * is in both.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { Histogram } from '../../proxy/core/histogram.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { describeMachine, machineLines, type Machine } from './machine.ts'
import { above, whole } from './numbers.ts'
import { save } from './save.ts'

interface Options {
  rate: number
  seconds: number
  rounds: number
  every: number
  servers: number
  workers: number
  save?: boolean
}

const LATE = 50
const KINDS = ['calm', 'reloads', 'switches'] as const
type Kind = (typeof KINDS)[number]

interface Row {
  kind: Kind
  requests: number
  changes: number
  failed: number
  p50: number
  p99: number
  p999: number
  max: number
  late: number
}

const options = new Command('bench:switch')
  .description(
    'response times at a fixed rate, calm, and while the proxy is reloaded or its strategy changed',
  )
  .option('--rate <number>', 'requests a second', whole, 400)
  .option('--seconds <number>', 'of a stretch', above(0), 5)
  .option('--rounds <number>', 'stretches of each kind', whole, 5)
  .option('--every <number>', 'milliseconds between two changes', whole, 250)
  .option('--servers <number>', 'in the configuration', whole, 100)
  .option('--workers <number>', 'threads', whole, 1)
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .parse()
  .opts<Options>()

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-switch-'))
const config = join(folder, 'lb.yaml')
const origin = createServer((_request, response) => void response.end('ok'))
await new Promise<void>((listening) => origin.listen(0, '127.0.0.1', listening))
const { port } = origin.address() as AddressInfo

/** Every time the last server comes or goes, and the weights and a deadline change. */
function configure(turn: number): void {
  const servers = Array.from({ length: options.servers + (turn % 2) }, (_, i) => {
    return `  - { id: s${i}, url: "http://127.0.0.1:${port}", weight: ${1 + ((i + turn) % 3)} }\n`
  })
  writeFileSync(
    config,
    `listen: { host: 127.0.0.1, port: 0 }\naccessLog: off\nhealth: false\nworkers: ${options.workers}
timeouts: { response: ${15 + (turn % 2)}s }\nservers:\n${servers.join('')}`,
  )
}

configure(0)
const main = fileURLToPath(new URL('../../proxy/main.ts', import.meta.url))
const proxy = spawn(process.execPath, [main, '--config', config], {
  env: { ...process.env, ADMIN_PORT: '0' },
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
})
const [{ admin, url }] = (await once(proxy, 'message')) as [{ url: string; admin: string }]

const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const names = STRATEGIES.filter((entry) => entry.simulatorOnly !== true).map(({ name }) => name)
let turn = 0

async function change(kind: Kind): Promise<void> {
  turn++
  if (kind === 'reloads') configure(turn)
  const answer =
    kind === 'reloads'
      ? await fetch(`${admin}/reload`, { method: 'POST' })
      : await fetch(`${admin}/strategy`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(names[turn % names.length]),
        })
  if (answer.status !== 200) throw new Error(await answer.text())
  await answer.arrayBuffer()
}

/** Times count from when a request was due, not from when it was sent (Gil Tene, "How not to measure latency", 2013). */
async function stretch(kind: Kind, seconds: number, into: Totals): Promise<void> {
  const begin = performance.now()
  const all: Promise<void>[] = []
  let changing: Promise<void> = Promise.resolve()
  let nextChange = options.every
  for (let sent = 0; sent < seconds * options.rate;) {
    const elapsed = performance.now() - begin
    for (; (sent * 1000) / options.rate <= elapsed && sent < seconds * options.rate; sent++) {
      all.push(ask(begin + (sent * 1000) / options.rate, into))
    }
    if (kind !== 'calm' && elapsed >= nextChange) {
      nextChange += options.every
      into.changes++
      changing = changing.then(() => change(kind))
    }
    await pause(1)
  }
  await Promise.all(all)
  await changing
}

function ask(due: number, into: Totals): Promise<void> {
  return new Promise((resolve) => {
    const fail = (): void => {
      into.failed++
      resolve()
    }
    const request = get(url, { agent }, (response) => {
      response.resume()
      response.on('end', () => {
        const took = performance.now() - due
        if (response.statusCode !== 200) into.failed++
        into.times.record(took)
        if (took > LATE) into.late++
        resolve()
      })
      response.on('error', fail)
    })
    request.on('error', fail)
  })
}

interface Totals {
  times: Histogram
  changes: number
  failed: number
  late: number
}

const totals = Object.fromEntries(
  KINDS.map((kind) => [kind, { times: new Histogram(), changes: 0, failed: 0, late: 0 }]),
) as Record<Kind, Totals>

const scrap = (): Totals => ({ times: new Histogram(), changes: 0, failed: 0, late: 0 })
const machine = describeMachine()
try {
  for (const kind of KINDS) await stretch(kind, 2, scrap()) // Warm, each kind.
  for (let round = 0; round < options.rounds; round++) {
    for (let i = 0; i < KINDS.length; i++) {
      const kind = KINDS[(round + i) % KINDS.length]
      await stretch(kind, options.seconds, totals[kind])
    }
  }
} finally {
  proxy.kill('SIGTERM')
  await once(proxy, 'exit')
  origin.closeAllConnections()
  origin.close()
  agent.destroy()
  rmSync(folder, { recursive: true })
}

const rows = KINDS.map((kind): Row => {
  const { changes, failed, late, times } = totals[kind]
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => times.quantile(share))
  return { kind, requests: times.count, changes, failed, p50, p99, p999, max: times.max, late }
})
const text = markdown(machine, rows)
console.log(text)
const { save: keep, ...load } = options
if (keep) console.log(`saved as ${save('switch', machine, { machine, load, rows }, text)}`)

function markdown(where: Machine, found: readonly Row[]): string {
  const { every, rate, servers, workers } = options
  const lines = found.map((row) => {
    const times = [row.p50, row.p99, row.p999, row.max].map((time) => time.toFixed(2)).join(' | ')
    return `| ${row.kind} | ${row.requests} | ${row.changes} | ${row.failed} | ${times} | ${row.late} |`
  })
  return [
    '# Response times while the proxy changes',
    '',
    ...machineLines(where).map((line) => `${line}  `),
    '',
    `${rate} requests a second, ${servers} servers, a change every ${every} ms, WORKERS=${workers}. Times in milliseconds from when a request was due.`,
    '',
    `| | requests | changes | failed | p50 | p99 | p999 | max | over ${LATE} ms |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n')
}
