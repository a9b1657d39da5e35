/**
 * `npm run bench:sim`: how many requests are simulated a second, on one thread and with everything recorded, with each strategy; beside it
 * the same model in SimPy, where that is installed. Fast and wrong is no bargain: every mean response time is held to theory.
 */
import Table from 'cli-table3'
import { Command, InvalidArgumentError } from 'commander'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { findStrategy } from '../../proxy/strategies/index.ts'
import { errand } from './errand.ts'
import { describeMachine } from './machine.ts'
import { sizes, whole } from './numbers.ts'
import { save, writeJson } from './save.ts'
import type { Errand, MemorySample, Run } from './sim-messages.ts'
import { LARGE, SIMULATED } from './sim-model.ts'
import { cells, COLUMNS, remarks, type SimCase, type SimResult, toMarkdown } from './sim-report.ts'
import { findSimpy, IN_SIMPY, runSimpy } from './sim-simpy.ts'

interface Options {
  strategy: readonly string[]
  servers: readonly number[]
  rounds: number
  requests: number
  simpyRequests: number
  python: string
  memory: boolean
  long?: boolean
  json?: string
  save?: boolean
}

const CHILD = new URL('sim-child.ts', import.meta.url)

const options = new Command('bench:sim')
  .description('requests simulated a second, a process each, against theory and SimPy')
  .option('--strategy <names>', 'comma-separated; default: all', strategies, SIMULATED)
  .option('--servers <numbers>', 'comma-separated, 2 to 1000 each', sizes, [10, 100, 1000])
  .option('--rounds <number>', 'processes for each', whole, 3)
  .option('--requests <number>', 'to measure, of each', whole, 2_000_000)
  .option('--simpy-requests <number>', 'likewise in SimPy', whole, 200_000)
  .option('--python <file>', 'which one to look for SimPy with', 'python3')
  .option('--no-memory', 'do not look at memory after 0.1, 1 and 10 million requests')
  .option('--long', 'memory after 1, 10 and 100 million requests: about a minute')
  .option('--json <file>', 'write the result to a file')
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>()

const { python, requests, rounds } = options
const machine = describeMachine()
const result: SimResult = { machine, rounds, requests, simpy: findSimpy(python), cases: [] }
for (const servers of options.servers) {
  // Who looks at everybody takes as long as there are servers, and that is all there is to know.
  for (const name of options.strategy) {
    if (servers > 10 && options.strategy === SIMULATED && !LARGE.includes(name)) continue
    result.cases.push({ name, servers, runs: [], simpy: [] })
  }
}
for (let round = 0; round < rounds; round++) {
  // Whoever comes first meets another machine than whoever comes last.
  const first = Math.floor((round * result.cases.length) / rounds)
  const order = [...result.cases.slice(first), ...result.cases.slice(0, first)]
  for (const each of order) await measure(each, round + 1)
}
if (options.memory || options.long) {
  const most = options.long ? 100_000_000 : 10_000_000
  result.memory = await run<MemorySample[]>('memory', 'round_robin', 10, 1, most)
}
const table = new Table({ head: COLUMNS, style: { head: [], border: [] }, colAligns: aligns() })
for (const row of cells(result)) table.push(COLUMNS.map((_, i) => row[i] ?? ''))
console.log(`\n${table.toString()}\n${remarks(result).join('\n')}`)
if (options.json !== undefined) writeJson(options.json, result)
if (options.save) console.log(`saved as ${save('sim', machine, result, toMarkdown(result))}`)
if (result.cases.some(({ failure }) => failure !== undefined)) process.exitCode = 1

async function measure(each: SimCase, seed: number): Promise<void> {
  if (each.failure !== undefined) return
  const { name, runs, servers, simpy } = each
  try {
    const found = await run<Run>('speed', name, servers, seed, requests)
    runs.push(found)
    const speed = (found.requests / found.cpu / 1000).toFixed(2)
    console.log(`${name} with ${servers} servers: ${speed} million requests a CPU second`)
    if (result.simpy === undefined || servers !== 10 || !IN_SIMPY.includes(name)) return
    simpy.push(await runSimpy(python, name, options.simpyRequests, seed))
  } catch (error) {
    each.failure = /^\w*Error: .*$/m.exec(String(error))?.[0] ?? String(error)
  }
}

function run<Answer>(...words: Errand): Promise<Answer> {
  return errand(CHILD, words)
}

function strategies(text: string): string[] {
  return text.split(',').map((part) => {
    const name = findStrategy(part)?.name ?? part
    if (SIMULATED.includes(name)) return name
    const meant = didYouMean(name, SIMULATED)
    const hint =
      meant === undefined ? `there are ${SIMULATED.join(', ')}` : `did you mean ${meant}?`
    throw new InvalidArgumentError(`no strategy ${name}: ${hint}`)
  })
}

function aligns(): ('left' | 'right')[] {
  return COLUMNS.map((_, i) => (i < 1 ? 'left' : 'right'))
}
