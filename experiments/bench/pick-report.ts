import { machineLines, type Machine } from './machine.ts'
import { NOTHING, YARDSTICK } from './pick-contender.ts'
import type { Speed, Standing } from './pick-messages.ts'
import { apart, middle, spread, type Spread } from './statistics.ts'

/** All that one run found. */
export interface PickResult {
  machine: Machine
  rounds: number
  /** Measured for each of the two loops, in each round. */
  seconds: number
  cases: PickCase[]
}

/** One strategy among so many servers. */
export interface PickCase {
  name: string
  servers: number
  /** One a round. */
  speeds: Speed[]
  standing?: Standing
  /** Why there is nothing more of it. */
  failure?: string
}

export const COLUMNS = [
  'strategy',
  'servers',
  'pick ns',
  'CPU ns',
  `× ${YARDSTICK}`,
  'request ns',
  'bytes',
  'make ms',
  'update ms',
  'busiest',
  'share',
  'keys moved',
]

export function cells({ cases }: PickResult): string[][] {
  return cases.map((each) => {
    const { name, servers, speeds, standing, failure } = each
    if (failure !== undefined) return [name, String(servers), 'failed']
    const row = [
      apart(spread(speeds.map(({ pick }) => pick.median)), 1),
      middle(spread(speeds.map(({ pick }) => pick.cpu)), 1),
      apart(ratio(each, yardstickOf(cases, servers)), 2),
      apart(spread(speeds.map(({ request }) => request.median)), 1),
    ]
    return [name, String(servers), ...row, ...(standing ? standingCells(standing) : [])]
  })
}

/** CPU a pick, against the yardstick's in the same round. */
export function ratio(each: PickCase, other: PickCase | undefined): Spread | undefined {
  return spread(
    each.speeds.flatMap(({ pick }, round) => {
      const yardstick = other?.speeds[round]
      return yardstick === undefined ? [] : [pick.cpu / yardstick.pick.cpu]
    }),
  )
}

export function remarks(result: PickResult): string[] {
  const { machine, rounds, seconds, cases } = result
  const picks = cases.flatMap(({ speeds }) => speeds.map(({ pick }) => pick))
  const walls = spread(picks.map(({ plain, median }) => plain / median))
  const cpus = spread(picks.map(({ cpu, median }) => cpu / median))
  return [
    ...machineLines(machine),
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, a process each for every strategy and number of servers, in turn; median (min..max) of the rounds`,
    `each loop ran for ${seconds} s; pick: the strategy alone; request: acquire and release through the balancer`,
    `${NOTHING}: what the loop around a pick costs, which is in all figures`,
    `a loop by hand took ${apart(walls, 2)} times what tinybench says, and CPU time ${apart(cpus, 2)} times`,
    'bytes: allocated a pick, and a request; make: the first update, with its tables; update: a server leaves or comes',
    'busiest: most in flight to one against the mean; share: most picks of one against its due; 1 is even',
    'keys moved: when one server leaves; in parentheses those that had to',
    ...misses(result),
    ...cases.flatMap(({ name, servers, failure }) =>
      failure === undefined ? [] : `${name} with ${servers} servers FAILED: ${failure}`,
    ),
  ]
}

/** Those that look at every server, or search for it, at ten as at a thousand. */
const LOOKING = [
  'weighted_round_robin',
  'least_connections',
  'least_response_time',
  'least_work',
  'rendezvous',
  'ring_hash',
  'bounded_load',
  'reported_load', // Over weighted_round_robin.
]

function cpuOf(speeds: PickResult['cases'][number]['speeds']): number {
  return spread(speeds.map(({ pick }) => pick.cpu))?.median ?? 0
}

/** What was asked for and not reached: see README.md. Of the CPU time of a pick, less what the loop around it costs. */
export function misses({ cases }: PickResult): string[] {
  const found: string[] = []
  for (const { name, servers, speeds, standing } of cases) {
    const where = `${name} with ${servers} servers`
    const loop = cases.find((each) => each.name === NOTHING && each.servers === servers)
    const nanoseconds = cpuOf(speeds) - cpuOf(loop?.speeds ?? [])
    const limit =
      servers === 10 && !LOOKING.includes(name)
        ? 30
        : servers === 1000 && name === 'least_connections'
          ? 1000
          : Infinity
    if (nanoseconds > limit)
      found.push(
        `MISSED: ${where} takes ${nanoseconds.toFixed(1)} ns without the loop, more than ${limit}`,
      )
    if (standing === undefined) continue
    const { make, pickBytes, requestBytes } = standing
    if (pickBytes >= 1.5 || requestBytes >= 1.5) found.push(`MISSED: ${where} allocates`)
    if (name === 'maglev' && make > 50)
      found.push(`MISSED: ${where} needs ${make.toFixed(1)} ms for its table, more than 50`)
  }
  return found
}

export function toMarkdown(result: PickResult): string {
  const line = (row: readonly string[]): string =>
    `| ${COLUMNS.map((_, i) => row[i] ?? '').join(' | ')} |`
  const rule = COLUMNS.map((_, i) => (i < 1 ? '---' : '--:'))
  const table = [line(COLUMNS), line(rule), ...cells(result).map(line)]
  const list = remarks(result).map((remark) => `- ${remark}`)
  return ['# What a pick costs, and how good it is', '', ...table, '', ...list, ''].join('\n')
}

function yardstickOf(cases: readonly PickCase[], servers: number): PickCase | undefined {
  return cases.find((each) => each.name === YARDSTICK && each.servers === servers)
}

function standingCells(standing: Standing): string[] {
  const { pickBytes, requestBytes, make, update, balance, moves } = standing
  const bytes = [pickBytes, requestBytes].map((number) => number.toFixed(1)).join(' / ')
  const percent = (part: number): string => `${(part * 100).toFixed(2)} %`
  return [
    bytes.replaceAll('-0.0', '0.0'),
    make.toPrecision(2),
    update.toPrecision(2),
    balance.busiest.toFixed(2),
    balance.share.toFixed(2),
    moves === undefined ? '' : `${percent(moves.moved)} (${percent(moves.due)})`,
  ]
}
