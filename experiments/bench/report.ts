import { machineLines, type Machine } from './machine.ts'
import { apart, middle, spread, type Spread } from './statistics.ts'
import type { Load, Turn } from './turn.ts'

/** All that one run of the bench found. */
export interface Result {
  machine: Machine
  load: Load & { rounds: number; bodyLength: number; backends: number }
  /** The one that the ratios refer to. */
  yardstick: string
  contenders: Standing[]
}

export interface Standing {
  name: string
  note: string
  /** Undefined: not installed. */
  version: string | undefined
  /** A turn a round. */
  turns: Turn[]
  /** Why it dropped out. */
  failure?: string
}

/** One contender's line of the table: over the rounds, medians and how far they went apart. */
export interface Row {
  cpu: Spread | undefined
  /** CPU against the yardstick's in the same round, so that a slow minute of the machine hits both. */
  ratio: Spread | undefined
  rate: Spread | undefined
  p50: Spread | undefined
  p99: Spread | undefined
}

export function rowOf(standing: Standing, yardstick: Standing | undefined): Row {
  const { turns } = standing
  const ratios = turns.map((turn, round) => {
    const other = yardstick?.turns[round]?.cpu
    return turn.cpu === undefined || other === undefined ? undefined : turn.cpu / other
  })
  return {
    cpu: spread(known(turns.map((turn) => turn.cpu))),
    ratio: spread(known(ratios)),
    rate: spread(turns.map((turn) => turn.requests / turn.seconds)),
    p50: spread(turns.map((turn) => turn.p50)),
    p99: spread(turns.map((turn) => turn.p99)),
  }
}

export function columns(yardstick: string): string[] {
  return ['proxy', 'version', 'CPU µs/request', `× ${yardstick}`, 'requests/s', 'p50 ms', 'p99 ms']
}

/** The table's lines, as text. */
export function cells({ contenders, yardstick }: Result): string[][] {
  const other = contenders.find(({ name }) => name === yardstick)
  return contenders.map((standing) => {
    const { name, version = '', turns, failure } = standing
    if (turns.length === 0)
      return [name, version, failure === undefined ? 'not installed' : 'failed']
    const { cpu, ratio, rate, p50, p99 } = rowOf(standing, other)
    const numbers = [apart(cpu, 1), apart(ratio, 2), apart(rate, 0), middle(p50, 2), middle(p99, 2)]
    return [name, version, ...numbers]
  })
}

/** What has to be said beside the table. */
export function remarks({ machine, load, contenders }: Result): string[] {
  const { rounds, seconds, warmup, connections, bodyLength, backends } = load
  const lines = [
    ...machineLines(machine),
    `${connections} keep-alive connections, GET with a body of ${bodyLength} bytes, ${backends} servers in turn`,
    `${rounds} rounds of ${seconds} s after ${warmup} s of warm-up, contenders in turn; median (min..max)`,
    'closed loop on raw sockets, its own client (not wrk); every status, length and count is asserted',
  ]
  const turns = contenders.flatMap((standing) => standing.turns)
  const client = spread(known(turns.map((turn) => turn.clientCpu)))
  const backend = spread(known(turns.map((turn) => turn.backendCpu)))
  if (client !== undefined && backend !== undefined) {
    const ours = `client ${apart(client, 1)}, servers ${apart(backend, 1)}`
    lines.push(`the bench's own CPU µs/request: ${ours}; they share the machine with the proxy`)
  }
  if (contenders.some(({ turns }) => turns.length > 0) && client === undefined) {
    lines.push('CPU cannot be read on this system: it comes from /proc')
  }
  for (const { name, note, failure } of contenders) {
    lines.push(failure === undefined ? `${name}: ${note}` : `${name} FAILED: ${failure}`)
  }
  return lines
}

export function toMarkdown(result: Result): string {
  const names = columns(result.yardstick)
  const line = (row: readonly string[]): string =>
    `| ${names.map((_, i) => row[i] ?? '').join(' | ')} |`
  const rule = names.map((_, i) => (i < 2 ? '---' : '--:'))
  const table = [line(names), line(rule), ...cells(result).map(line)]
  const list = remarks(result).map((remark) => `- ${remark}`)
  return ['# What a proxied request costs', '', ...table, '', ...list, ''].join('\n')
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined)
}
