import type { IdleRun } from './idle-connections.ts'
import { machineLines, type Machine } from './machine.ts'

export interface IdleResult {
  readonly machine: Machine
  readonly runs: readonly IdleRun[]
}

/** The findings, a line each. */
export function idleLines({ runs }: IdleResult): string[] {
  return runs.map(({ each, kind, steps }) => {
    const shown = steps.map(({ connections, resident }) => `${connections}: ${mib(resident)}`)
    return `${kind}: ${(each / 1024).toFixed(1)} KiB a connection; resident MiB with so many of them: ${shown.join(', ')}`
  })
}

export function idleMarkdown(result: IdleResult): string {
  const lines = [...machineLines(result.machine), ...idleLines(result)]
  return ['# Memory of idle connections', '', ...lines.map((line) => `- ${line}`), ''].join('\n')
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}
