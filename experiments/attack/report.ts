import { machineLines, type Machine } from '../bench/machine.ts'
import type { Finding } from './field.ts'

const HEAD = [
  'attack',
  'connections',
  'MiB before',
  'peak',
  'after',
  'KiB a connection at the peak',
  'what they got',
  'ended after (median)',
  'others: served',
  'p99',
  'longest',
]

/** The table, in Markdown. */
export function attackTable(machine: Machine, findings: readonly Finding[]): string {
  const rows = findings.map((finding) => {
    const { after, before, connections, endedAfter, name, peak, witness, words } = finding
    const { failed, longest, p99, sent } = witness
    return [
      name,
      connections,
      mib(before),
      mib(peak),
      mib(after),
      Math.round((peak - before) / 1024 / connections),
      Object.entries(words)
        .map(([word, count]) => `${count} ${word}`)
        .join('; '),
      endedAfter === null ? '-' : `${endedAfter.toFixed(1)} s`,
      `${sent - failed} of ${sent}`,
      `${Math.ceil(p99)} ms`,
      `${Math.ceil(longest)} ms`,
    ]
  })
  const line = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |`
  return [
    machineLines(machine).join('; '),
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map(line),
  ].join('\n')
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
