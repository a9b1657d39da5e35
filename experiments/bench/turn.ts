import { Histogram } from '../../proxy/core/histogram.ts'
import type { Child } from './child.ts'
import type { ClientQuestion, Run } from './messages.ts'
import { cpuOf } from './process-cost.ts'
import type { Stage } from './stage.ts'
import type { Seen } from './request-counter.ts'

/** One contender's measured seconds of one round. CPU is microseconds a request, latency milliseconds. */
export interface Turn {
  requests: number
  seconds: number
  /** Of the contender and its children; undefined where it cannot be read, and for no proxy. */
  cpu: number | undefined
  p50: number
  p99: number
  /** What the bench itself took: it bounds the requests a second that anybody can reach. */
  clientCpu: number | undefined
  backendCpu: number | undefined
}

export interface Load {
  connections: number
  warmup: number
  seconds: number
}

/** Where the requests go, and the process that is measured, if it is a proxy. */
export interface Target {
  port: number
  pid?: number
}

const LATE = 20
const NO_LIMIT = Number.MAX_SAFE_INTEGER

/**
 * Warms up, then measures over the same connections. At both ends of the measured time nothing is in flight, so what the CPU
 * clocks gained belongs to exactly the requests that were counted.
 */
export async function takeTurn(stage: Stage, target: Target, load: Load): Promise<Turn> {
  const { client, backend } = stage
  const { connections, warmup, seconds } = load
  await ask(client, { type: 'connect', port: target.port, connections }, LATE)
  await ask(client, { type: 'run', seconds: warmup, requests: NO_LIMIT }, warmup + LATE)
  const pids = [target.pid, client.pid, backend.pid]
  const before = await backend.ask<Seen>('seen', LATE)
  const clocks = pids.map(clockOf)
  const run = await ask(client, { type: 'run', seconds, requests: NO_LIMIT }, seconds + LATE)
  const used = pids.map((pid, i) => per(run.answered, clockOf(pid), clocks[i]))
  const after = await backend.ask<Seen>('seen', LATE)
  await ask(client, { type: 'close' }, LATE)
  assertServed(run.answered, after.requests - before.requests)
  const latencies = new Histogram()
  latencies.addSparse(run.buckets, run.sum, run.min, run.max)
  const [cpu, clientCpu, backendCpu] = used
  const p50 = latencies.quantile(0.5)
  const p99 = latencies.quantile(0.99)
  return { requests: run.answered, seconds: run.seconds, cpu, p50, p99, clientCpu, backendCpu }
}

/** A proxy that answers by itself, or asks twice, is not doing the work that is compared. */
export function assertServed(answered: number, served: number): void {
  if (answered === 0) throw new Error('not one request was answered')
  if (answered === served) return
  throw new Error(`the client was answered ${answered} requests, the servers served ${served}`)
}

export function ask(client: Child, question: ClientQuestion, seconds: number): Promise<Run> {
  return client.ask<Run>(question, seconds)
}

function clockOf(pid: number | undefined): number | undefined {
  return pid === undefined ? undefined : cpuOf(pid)
}

function per(requests: number, now?: number, before?: number): number | undefined {
  if (now === undefined || before === undefined) return undefined
  return ((now - before) * 1000) / requests
}
