import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { request } from 'undici'
import type { Listening, Order, Told } from '../../backends/stations/main.ts'
import { monotonic } from '../../backends/stations/monotonic.ts'
import { type RunResult, resultFrom } from '../../simulator/result.ts'
import { RunRecorder } from '../../simulator/run-recorder.ts'
import type { Scenario, ServerSpec } from '../../simulator/scenario.ts'
import { Child as Channel } from '../bench/child.ts'
import { Child } from '../live/child.ts'
import { proxyProgram } from '../live/programs.ts'
import { configurationOf } from './configuration.ts'
import { Driver } from './driver.ts'
import type { Sent } from './errand.ts'
import { type Decisions, readJournal, recordAttempts } from './journal.ts'
import { notLive } from './limits.ts'
import { AdminOperator } from './operator.ts'

const STATIONS = new URL('../../backends/stations/main.ts', import.meta.url)

/** Requests sent before time 0, so that connections stand and code is compiled: so many at a time, so often. */
const WARM = { at: 24, rounds: 12 }
/** From when all is ready to time 0, in milliseconds. */
const BREATH = 50
/** How long answers may take after the last request was due, in milliseconds, where the scenario allows longer. */
const PATIENCE = 20_000
const STOP_GRACE = 3000
/** How often it is looked how late our own loop is, in milliseconds. */
const RESOLUTION = 10

/** How late a process came to what was due, in milliseconds. */
export interface Lag {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** A scenario, run with real sockets. */
export interface LiveRun {
  readonly result: RunResult
  /** All of them, those of the warm-up included, in the order in which they were sent. */
  readonly requests: readonly Sent[]
  readonly decisions: Decisions
  /** When time 0 was, by `monotonic`. */
  readonly zero: number
  readonly lags: { readonly generator: Lag; readonly proxy: Lag; readonly servers: Lag }
  /** What operators could not do, a line each. */
  readonly failures: readonly string[]
}

/** The scenario cannot be run with real sockets: a line for each thing that cannot be. */
class NotLive extends Error {
  override readonly name = 'NotLive'
}

/** Runs a scenario in the real world: its servers with sockets, the proxy, and its clients, who send what the simulator's would. */
export async function runLive(
  scenario: Scenario,
  interrupted: Promise<void> = new Promise(() => {}),
): Promise<LiveRun> {
  const problems = notLive(scenario)
  if (problems.length > 0) throw new NotLive(problems.join('\n'))
  const { duration, events = [], policy = {}, seed, servers, strategy, warmup = 0 } = scenario
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-live-'))
  const fakes = new Channel(STATIONS)
  const tell = <Answer>(order: Order): Promise<Answer> => fakes.ask<Answer>(order, 10)
  let proxy: Child | undefined
  let driver: Driver | undefined
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  try {
    const cancels = policy.cancels !== false
    const ofServers = { duration, events, seed, servers, warmup, cancels }
    const listening = await tell<Listening>({ begin: ofServers })
    const specs = servers.flatMap((spec) => Array<ServerSpec>(spec.count ?? 1).fill(spec))
    const known = specs.map((spec, i) => ({ ...listening.servers[i], spec }))
    const configuration = join(folder, 'proxy.json')
    const journal = join(folder, 'journal')
    writeFileSync(configuration, JSON.stringify(configurationOf(scenario, known)))
    const program = proxyProgram(configuration)
    const environment = { ...program.environment, EVENKEEL_JOURNAL: journal }
    proxy = new Child({ ...program, environment })
    const url = await proxy.listening
    const operator = new AdminOperator(proxy.admin!, listening.servers, specs.length, strategy)
    driver = new Driver(scenario, url, operator)
    const { pool } = driver
    for (let i = 0; i < WARM.rounds; i++) {
      await Promise.all(Array.from({ length: WARM.at }, () => ask(url, '/warm', pool)))
    }
    await operator.begin()
    const zero = monotonic() + BREATH
    await tell({ go: zero })
    delay.enable()
    driver.start(zero)
    void interrupted.then(() => driver?.stop())
    await Promise.race([driver.finished, patience(zero + duration + PATIENCE)])
    const end = Math.min(driver.now(), duration)
    delay.disable()
    await operator.idle
    const lagOfProxy = lagIn(await ask(url, '/lb/metrics', pool))
    const { lag, stations } = await tell<Told>({ tell: end })
    const { requests } = driver
    await driver.close()
    await proxy.stop(STOP_GRACE)
    const decisions = readJournal(journal)
    const recorder = new RunRecorder()
    for (const { due, ended, outcome } of requests) {
      if (due >= warmup && ended >= 0) recorder.request(ended - due, 1, outcome)
    }
    recordAttempts(decisions, zero + warmup, recorder)
    const result = resultFrom({
      strategy: typeof strategy === 'string' ? strategy : strategy.name,
      seed,
      span: Math.max(0, end - warmup),
      generated: requests.length,
      underWay: requests.filter(({ ended }) => ended < 0).length,
      recorder,
      stations,
    })
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION)
    const generator = {
      p50: late(delay.percentile(50)),
      p99: late(delay.percentile(99)),
      max: late(delay.max),
    }
    const lags = { generator, proxy: lagOfProxy, servers: lag }
    return { result, requests, decisions, zero, lags, failures: operator.failures }
  } finally {
    await driver?.close()
    await proxy?.stop(STOP_GRACE)
    await fakes.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ask(url: string, path: string, dispatcher: Driver['pool']): Promise<string> {
  const { body } = await request(`${url}${path}`, { dispatcher })
  return body.text()
}

/** Of the proxy's own metrics; seconds there. */
function lagIn(metrics: string): Lag {
  const of = (word: string): number => {
    const line = new RegExp(`^nodejs_eventloop_lag_${word}_seconds(?:\\{[^}]*\\})? (\\S+)$`, 'm')
    return Number(line.exec(metrics)?.[1] ?? NaN) * 1000
  }
  return { p50: of('p50'), p99: of('p99'), max: of('max') }
}

function patience(until: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, until - monotonic()).unref())
}
