import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Rng } from '../../proxy/core/rng.ts'
import { createArrivals } from '../../simulator/arrivals.ts'
import { simulate } from '../../simulator/result.ts'
import { workSource } from '../../simulator/work.ts'
import type { SimpyRun } from './sim-messages.ts'
import { scenarioOf } from './sim-model.ts'

/** What sim-simpy.py can do as well. */
export const IN_SIMPY: readonly string[] = ['round_robin', 'random', 'power_of_two']

const MODEL = fileURLToPath(new URL('sim-simpy.py', import.meta.url))
const SERVERS = 10
/** Rounding: SimPy waits for so long, and not until then. */
const SAME = 1e-6
/** Each has dice of its own to pick by: the standard error of the mean of 200,000 requests is 4 %. */
const ALIKE = 0.25

/** Which one there is; undefined: none. */
export function findSimpy(python: string): string | undefined {
  try {
    const found = execFileSync(python, [MODEL], { encoding: 'utf8', stdio: 'pipe' })
    const { python: version, simpy } = JSON.parse(found) as SimpyRun
    return `SimPy ${simpy}, Python ${version}`
  } catch {
    return undefined
  }
}

/** Has SimPy simulate the very requests that the simulator meets under that seed, and compares what both find. */
export async function runSimpy(
  python: string,
  strategy: string,
  requests: number,
  seed: number,
): Promise<SimpyRun & { ours: number }> {
  const scenario = scenarioOf(strategy, SERVERS, seed)
  const rng = new Rng(seed)
  const times = new Float64Array(requests + 1)
  createArrivals(scenario.arrivals, rng.fork('arrivals')).fill(times)
  const works = new Float64Array(requests)
  workSource(scenario.work, rng.fork('work')).fill(works)
  const { requests: seen } = simulate({ ...scenario, duration: times[requests] })
  const ours = seen.latency?.mean ?? NaN

  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-simpy-'))
  try {
    const file = join(folder, 'load')
    writeFileSync(file, times.subarray(0, requests))
    writeFileSync(file, works, { flag: 'a' })
    const args = [MODEL, strategy, String(SERVERS), file]
    const { stdout } = await promisify(execFile)(python, args)
    const found = { ...(JSON.parse(stdout) as SimpyRun), ours }
    assertAlike(strategy, requests, seen.count, found)
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function assertAlike(
  strategy: string,
  requests: number,
  count: number,
  { mean, ours, requests: theirs }: SimpyRun & { ours: number },
): void {
  if (theirs !== requests || count !== requests) {
    throw new Error(`${count} requests ended here and ${theirs} in SimPy, of ${requests}`)
  }
  const tolerance = strategy === 'round_robin' ? SAME : ALIKE
  if (Math.abs(mean / ours - 1) < tolerance) return
  throw new Error(`the mean response is ${ours} ms here, and ${mean} ms in SimPy`)
}
