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

/** Whoever could be started, and where it is. */
type Entrants = Map<Standing, Target>

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
  const result: Result = { machine, load, yardstick: yardstickOf(options.only), contenders }
  print(result)
  if (options.json !== undefined) writeJson(options.json, result)
  if (options.save) console.log(`saved as ${save('proxy', machine, result, toMarkdown(result))}`)
  if (contenders.some(({ failure }) => failure !== undefined)) process.exitCode = 1
}

async function race(stage: Stage, options: Options): Promise<Standing[]> {
  const standings: Standing[] = []
  const able: Entrants = new Map()
  for (const contender of chosen(options.only)) {
    standings.push(await enter(stage, contender, able))
  }
  if (options.only?.includes(DIRECT) ?? true) {
    const note = 'no proxy, the client straight to one server'
    const direct: Standing = { name: DIRECT, note, version: undefined, turns: [] }
    standings.push(direct)
    able.set(direct, { port: stage.ports[0] })
  }
  for (let round = 0; round < options.rounds; round++) {
    // Whoever comes first meets another machine than whoever comes last: everybody gets each place.
    const first = round % Math.max(1, able.size)
    const order = [...able]
    for (const [standing, target] of [...order.slice(first), ...order.slice(0, first)]) {
      const why = await play(stage, standing, target, options)
      if (why === undefined) continue
      standing.failure = `in round ${round + 1}: ${why}`
      able.delete(standing)
      await stage.replaceClient()
    }
  }
  return standings
}

/** Where nginx is left out, the first that is named. */
function yardstickOf(only: string[] = [YARDSTICK]): string {
  return only.includes(YARDSTICK) ? YARDSTICK : only[0]
}

function chosen(only: string[] | undefined): readonly Contender[] {
  if (only === undefined) return CONTENDERS
  return [...CONTENDERS, ...ON_DEMAND].filter(({ name }) => only.includes(name))
}

/** Started once for all rounds, so that what is compiled while running is as warm as it gets. */
async function enter(stage: Stage, contender: Contender, able: Entrants): Promise<Standing> {
  const { name, note } = contender
  const standing: Standing = { name, note, version: contender.version(), turns: [] }
  if (standing.version === undefined) return standing
  try {
    able.set(standing, await stage.start(contender))
  } catch (error) {
    standing.failure = (error as Error).message
  }
  return standing
}

/** Why it drops out, if it does. */
async function play(
  stage: Stage,
  standing: Standing,
  target: Target,
  load: Load,
): Promise<string | undefined> {
  try {
    const turn = await takeTurn(stage, target, load)
    standing.turns.push(turn)
    const cpu = turn.cpu === undefined ? '' : `${turn.cpu.toFixed(1)} µs/request, `
    const rate = (turn.requests / turn.seconds).toFixed(0)
    console.log(`${standing.name}: ${cpu}${rate} requests/s`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
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
