import { machineLines, type Machine } from './machine.ts'
import type { MemorySample, Run, SimpyRun } from './sim-messages.ts'
import { RHO, theoryOf } from './sim-model.ts'
import { apart, middle, spread, type Spread } from './statistics.ts'

/** All that one run found. */
export interface SimResult {
  machine: Machine
  rounds: number
  /** Measured of each strategy in each round. */
  requests: number
  /** Which SimPy was found; undefined: none. */
  simpy: string | undefined
  cases: SimCase[]
  memory?: MemorySample[]
}

/** One strategy among so many servers. */
export interface SimCase {
  name: string
  servers: number
  /** One a round. */
  runs: Run[]
  /** Likewise, where the model is compared. */
  simpy: SimpyRun[]
  /** Why there is nothing more of it. */
  failure?: string
}

export const COLUMNS = [
  'strategy',
  'servers',
  'million/CPU s',
  'million/s',
  'bytes',
  'mean ms',
  'theory ms',
  'SimPy million/CPU s',
  '× SimPy',
]

export function cells({ cases, simpy }: SimResult): string[][] {
  return cases.map(({ failure, name, runs, servers, simpy: theirs }) => {
    if (failure !== undefined) return [name, String(servers), 'failed']
    const row = [
      name,
      String(servers),
      apart(speeds(runs), 2),
      middle(spread(runs.map(({ requests, wall }) => requests / wall / 1000)), 2),
      middle(spread(runs.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]))), 0),
      runs[0].mean.toFixed(2),
      theoryOf(name, servers)?.toFixed(2) ?? '',
    ]
    if (theirs.length > 0) row.push(apart(speeds(theirs), 3), apart(ratio(runs, theirs), 0))
    else if (simpy === undefined && servers === 10) row.push('absent', 'absent')
    return row
  })
}

/** Millions of requests a second of CPU time. */
function speeds(runs: readonly Pick<Run, 'requests' | 'cpu'>[]): Spread | undefined {
  return spread(runs.map(({ cpu, requests }) => requests / cpu / 1000))
}

/** How many times as many requests in the same CPU time, within a round. */
function ratio(ours: readonly Run[], theirs: readonly SimpyRun[]): Spread | undefined {
  return spread(
    theirs.map(({ cpu, requests }, round) => {
      const run = ours[round]
      return run.requests / run.cpu / (requests / cpu)
    }),
  )
}

export function remarks(result: SimResult): string[] {
  const { cases, machine, memory, requests, rounds, simpy } = result
  return [
    ...machineLines(machine),
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, a process each for every strategy and number of servers, in turn; median (min..max) of the rounds`,
    `${requests} requests each after a warm-up, one thread, everything recorded; equal servers with one worker, first come first served, Poisson arrivals, exponential work, rho ${RHO}`,
    'CPU s: user and system time of the whole process; bytes: allocated a request; mean ms: of the first round',
    'asserted: every mean is that of theory to 4.5 standard errors, or no better than one queue for all; requests under way are at the servers',
    simpy === undefined
      ? 'SimPy is ABSENT, so nothing was compared with it: `pip install simpy` or `apt-get install python3-simpy3` brings it'
      : `${simpy}: the very same arrivals and work, but its records are a sum and a count; the means agree, for round robin to a millionth`,
    'ring_hash has 1000 points a server: of 160 one server would be given more than it can do',
    ...(memory ?? []).map(
      ({ heap, requests, resident }) =>
        `memory after ${requests} requests: resident ${mib(resident)} MiB, heap ${mib(heap)} MiB`,
    ),
    ...misses(result),
    ...cases.flatMap(({ failure, name, servers }) =>
      failure === undefined ? [] : `${name} with ${servers} servers FAILED: ${failure}`,
    ),
  ]
}

const QUICK = ['round_robin', 'random', 'power_of_two']
/** Of the heap, from the first sample to the last: what is known of time, such as the largest number, may grow a little. */
const GROWTH = 2 ** 20

/** What was asked for and not reached: see README.md. */
export function misses({ cases, memory = [] }: SimResult): string[] {
  const found: string[] = []
  for (const { name, runs, servers, simpy } of cases) {
    const speed = speeds(runs)?.median ?? Infinity
    const least = leastOf(name, servers)
    const where = `${name} with ${servers} servers`
    if (speed < least) {
      found.push(
        `MISSED: ${where} comes to ${speed.toFixed(2)} million a CPU second, less than ${least}`,
      )
    }
    const times = ratio(runs, simpy)?.median ?? Infinity
    if (times < 30) found.push(`MISSED: ${where} is ${times.toFixed(0)} times as fast as SimPy`)
  }
  const growth = (memory.at(-1)?.heap ?? 0) - (memory[0]?.heap ?? 0)
  if (growth > GROWTH) found.push(`MISSED: the heap grows by ${mib(growth)} MiB`)
  return found
}

function leastOf(name: string, servers: number): number {
  if (servers === 1000) return 0.5
  if (servers !== 10 || name === 'prequal') return 0
  return QUICK.includes(name) ? 2.5 : 1.5
}

export function toMarkdown(result: SimResult): string {
  const line = (row: readonly string[]): string =>
    `| ${COLUMNS.map((_, i) => row[i] ?? '').join(' | ')} |`
  const rule = COLUMNS.map((_, i) => (i < 1 ? '---' : '--:'))
  const table = [line(COLUMNS), line(rule), ...cells(result).map(line)]
  const list = remarks(result).map((remark) => `- ${remark}`)
  return ['# How many requests are simulated a second', '', ...table, '', ...list, ''].join('\n')
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}
