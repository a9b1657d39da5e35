/**
 * `npm run bench:proxy`: what a proxied request costs, here and in the proxies that are found on this machine.
 *
 * Requests a second say little on a machine that client, servers and proxy share; CPU time a request is the proxy's own. So
 * that is what is compared, in rounds in which all take their turn, by the ratio within a round.
 */
import Table from 'cli-table3'
import { Command } from 'commander'
import { CONTENDERS, DIRECT, ON_DEMAND, YARDSTICK } from './contenders/index.ts'
import type { Contender } from './contenders/contender.ts'
import { describeMachine } from './machine.ts'
import { BACKENDS, BODY_LENGTH } from './messages.ts'
import { above, whole } from './numbers.ts'
import { cells, columns, remarks, toMarkdown, type Result, type Standing } from './report.ts'
import { save, writeJson } from './save.ts'
import { Stage } from './stage.ts'
import { takeTurn, type Load, type Target } from './turn.ts'

interface Options extends Load {
  rounds: number
  only?: string[]
  json?: string
  save?: boolean
}

interface Entrant extends Standing {
  target?: Target
}

const names = [...CONTENDERS, ...ON_DEMAND].map(({ name }) => name).concat(DIRECT)

const command = new Command('bench:proxy')
  .description('CPU a proxied request, requests/s and p99, ours and others in turn')
  .option('--rounds <number>', 'turns of each', whole, 5)
  .option('--seconds <number>', 'measured time of a turn', above(0), 5)
  .option('--warmup <number>', 'seconds before it', above(0), 1)
  .option('--connections <number>', 'keep-alive connections', whole, 64)
  .option('--only <names>', `comma-separated, of ${names.join(', ')}`, (text) => text.split(','))
  .option('--json <file>', 'write the result to a file')
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')

await main(command.parse().opts<Options>())

async function main(options: Options): Promise<void> {
  const unknown = options.only?.find((name) => !names.includes(name))
  if (unknown !== undefined) command.error(`no contender ${unknown}; there are ${names.join(', ')}`)
  const { rounds, seconds, warmup, connections } = options
  const load = { rounds, seconds, warmup, connections, bodyLength: BODY_LENGTH, backends: BACKENDS }
  const machine = describeMachine()
  const contenders = await Stage.with((stage) => race(stage, options))
  const result: Result = { machine, load, yardstick: YARDSTICK, contenders }
  print(result)
  if (options.json !== undefined) writeJson(options.json, result)
  if (options.save) console.log(`saved as ${save('proxy', machine, result, toMarkdown(result))}`)
  if (contenders.some(({ failure }) => failure !== undefined)) process.exitCode = 1
}

async function race(stage: Stage, options: Options): Promise<Standing[]> {
  const entrants = await enter(stage, options.only)
  const able = entrants.filter(({ target }) => target !== undefined)
  for (let round = 0; round < options.rounds; round++) {
    // Whoever comes first meets another machine than whoever comes last: everybody gets each place.
    const first = round % Math.max(1, able.length)
    for (const entrant of [...able.slice(first), ...able.slice(0, first)]) {
      await play(stage, entrant, options, round)
    }
  }
  return entrants.map(({ target: _, ...standing }) => standing)
}

/** Starts everybody once, so that what is compiled while running is as warm as it gets. */
async function enter(stage: Stage, only: string[] | undefined): Promise<Entrant[]> {
  const chosen = only === undefined ? CONTENDERS : [...CONTENDERS, ...ON_DEMAND]
  const entrants: Entrant[] = []
  for (const contender of chosen) {
    if (only?.includes(contender.name) ?? true) entrants.push(await enterOne(stage, contender))
  }
  if (only?.includes(DIRECT) ?? true) {
    const note = 'no proxy, the client straight to one server'
    const target = { port: stage.ports[0] }
    entrants.push({ name: DIRECT, note, version: undefined, turns: [], target })
  }
  return entrants
}

async function enterOne(stage: Stage, contender: Contender): Promise<Entrant> {
  const { name, note } = contender
  const version = contender.version()
  const entrant: Entrant = { name, note, version, turns: [] }
  if (version === undefined) return entrant
  try {
    const { port, pid } = await stage.start(contender)
    return { ...entrant, target: { port, pid } }
  } catch (error) {
    return { ...entrant, failure: (error as Error).message }
  }
}

async function play(stage: Stage, entrant: Entrant, options: Options, round: number): Promise<void> {
  const { name, target, failure } = entrant
  if (target === undefined || failure !== undefined) return
  const turn = await takeTurn(stage, target, options)
  entrant.turns.push(turn)
  const cpu = turn.cpu === undefined ? '' : `${turn.cpu.toFixed(1)} µs/request, `
  const rate = (turn.requests / turn.seconds).toFixed(0)
  console.log(`round ${round + 1}/${options.rounds} ${name}: ${cpu}${rate} requests/s`)
}

function print(result: Result): void {
  const head = columns(result.yardstick)
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: aligns(head.length) })
  for (const row of cells(result)) table.push(head.map((_, i) => row[i] ?? ''))
  console.log(`\n${table.toString()}\n${remarks(result).join('\n')}`)
}

function aligns(count: number): ('left' | 'right')[] {
  return Array.from({ length: count }, (_, i) => (i < 2 ? 'left' : 'right'))
}
