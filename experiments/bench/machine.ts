import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What a figure depends on. Names no host and no path. */
export interface Machine {
  cpu: string
  cores: number
  /** GiB. */
  memory: number
  kernel: string
  node: string
  /** Short, with `+` when files differ from it; `unknown` outside a repository. */
  commit: string
  /** When the run began, UTC. */
  date: string
}

export function describeMachine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memory: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString().slice(0, 16) + 'Z',
  }
}

export function machineLines(machine: Machine): string[] {
  const { cpu, cores, memory, kernel, node, commit, date } = machine
  return [
    `${cpu}, ${cores} cores, ${memory} GiB, ${kernel}, Node ${node}`,
    `commit ${commit}, ${date}`,
  ]
}

/** Results that only this machine has do not count as a difference. */
function commit(): string {
  try {
    const id = git('rev-parse', '--short', 'HEAD')
    const changed = git('status', '--porcelain', '--', '.', ':!experiments/bench/results')
    return changed === '' ? id : `${id}+`
  } catch {
    return 'unknown'
  }
}

function git(...args: string[]): string {
  const cwd = fileURLToPath(new URL('../../', import.meta.url))
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
}
