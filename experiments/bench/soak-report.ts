import { machineLines, type Machine } from './machine.ts'
import type { Passage } from './soak-bodies.ts'
import type { Soak, Verdict } from './soak-requests.ts'

/** All that one soak found. */
export interface SoakResult {
  machine: Machine
  connections: number
  soak?: Soak
  verdict?: Verdict | undefined
  passages: Passage[]
}

const SHOWN = 20

/** The findings, a line each. */
export function soakLines({ connections, soak, verdict, passages }: SoakResult): string[] {
  const lines: string[] = []
  if (soak !== undefined) {
    const { requests, seconds, samples } = soak
    lines.push(`${requests} requests over ${connections} connections in ${seconds.toFixed(0)} s`)
    const step = Math.max(1, Math.ceil(samples.length / SHOWN))
    const shown = samples.filter((_, i) => i % step === 0 || i === samples.length - 1)
    const series = shown.map((sample) => `${thousands(sample.requests)}: ${mib(sample.resident)}`)
    lines.push(`resident MiB after so many requests: ${series.join(', ')}`)
    lines.push(verdict === undefined ? 'too few samples for a verdict' : told(verdict))
  }
  for (const { direction, reader, length, seconds, before, peak } of passages) {
    const rate = `${mib(length)} MiB in ${seconds.toFixed(1)} s`
    const memory = `${mib(before)} MiB before, ${mib(peak)} MiB at most (${signed(peak - before)} MiB)`
    lines.push(`${direction}, ${reader} reader: ${rate}; resident ${memory}`)
  }
  return lines
}

export function soakMarkdown(result: SoakResult): string {
  const lines = [...machineLines(result.machine), ...soakLines(result)]
  return ['# Memory under a soak', '', ...lines.map((line) => `- ${line}`), ''].join('\n')
}

function told({ warm, end, growth, per100k }: Verdict): string {
  const sizes = `resident ${mib(warm)} MiB after warm-up, ${mib(end)} MiB at the end`
  return `${sizes} (${signed(growth)} MiB), slope ${signed(per100k)} MiB per 100,000 requests`
}

function thousands(requests: number): string {
  return requests < 1000 ? String(requests) : `${Math.round(requests / 1000)}k`
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1)
}

function signed(bytes: number): string {
  return bytes < 0 ? mib(bytes) : `+${mib(bytes)}`
}
