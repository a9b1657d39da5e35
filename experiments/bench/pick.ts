/**
 * `npm run bench:pick`: what a pick costs with each strategy, and how good it is: how evenly it spreads the requests, and how
 * many keys move when a server leaves. Fast and uneven is no bargain.
 */
import Table from 'cli-table3'
import { Command, InvalidArgumentError } from 'commander'
import { errand } from './errand.ts'
import { describeMachine } from './machine.ts'
import { above, sizes, whole } from './numbers.ts'
import { contender, CONTENDERS, NOTHING } from './pick-contender.ts'
import type { Errand, Speed, Standing } from './pick-messages.ts'
import {
  cells,
  COLUMNS,
  type PickCase,
  type PickResult,
  remarks,
  toMarkdown,
} from './pick-report.ts'
import { save, writeJson } from './save.ts'

interface Options {
  strategy: readonly string[]
  servers: readonly number[]
  rounds: number
  seconds: number
  json?: string
  save?: boolean
}

const CHILD = new URL('pick-child.ts', import.meta.url)

const { strategy, servers, rounds, seconds, json, ...options } = new Command('bench:pick')
  .description('nanoseconds and bytes a pick, and how good the picks are, a process each')
  .option('--strategy <names>', 'comma-separated; default: all', strategies, CONTENDERS)
  .option('--servers <numbers>', 'comma-separated, 2 to 1000 each', sizes, [3, 10, 100, 1000])
  .option('--rounds <number>', 'processes for each', whole, 3)
  .option('--seconds <number>', 'measured time of a loop', above(0), 0.5)
  .option('--json <file>', 'write the result to a file')
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>()

const machine = describeMachine()
const result: PickResult = { machine, rounds, seconds, cases: [] }
for (const name of strategy) {
  for (const count of servers) result.cases.push({ name, servers: count, speeds: [] })
}
for (let round = 0; round < rounds; round++) {
  // Whoever comes first meets another machine than whoever comes last.
  const first = Math.floor((round * result.cases.length) / rounds)
  const order = [...result.cases.slice(first), ...result.cases.slice(0, first)]
  for (const each of order) await measure(each, round)
}
const table = new Table({ head: COLUMNS, style: { head: [], border: [] }, colAligns: aligns() })
for (const row of cells(result)) table.push(COLUMNS.map((_, i) => row[i] ?? ''))
console.log(`\n${table.toString()}\n${remarks(result).join('\n')}`)
if (json !== undefined) writeJson(json, result)
if (options.save) console.log(`saved as ${save('pick', machine, result, toMarkdown(result))}`)
if (result.cases.some(({ failure }) => failure !== undefined)) process.exitCode = 1

async function measure(each: PickCase, round: number): Promise<void> {
  if (each.failure !== undefined) return
  try {
    const speed = await run<Speed>('speed', each.name, each.servers, seconds)
    each.speeds.push(speed)
    const { pick, request } = speed
    const figures = `${pick.median.toFixed(1)} ns a pick, ${request.median.toFixed(1)} ns a request`
    console.log(`${each.name} with ${each.servers} servers: ${figures}`)
    if (round > 0 || each.name === NOTHING) return
    each.standing = await run<Standing>('standing', each.name, each.servers, seconds)
  } catch (error) {
    each.failure = /^\w*Error: .*$/m.exec(String(error))?.[0] ?? String(error)
  }
}

function run<Answer>(...words: Errand): Promise<Answer> {
  return errand(CHILD, words)
}

function strategies(text: string): string[] {
  try {
    return text.split(',').map((name) => contender(name).name)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

function aligns(): ('left' | 'right')[] {
  return COLUMNS.map((_, i) => (i < 1 ? 'left' : 'right'))
}
