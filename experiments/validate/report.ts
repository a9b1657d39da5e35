import type { Finding, Verdict } from './judge.ts'

/** What comes out, in 80 columns. */
export function report(findings: readonly Finding[], verdict: Verdict): string {
  const lines: string[] = []
  let heading = ''
  for (const finding of findings) {
    const title = `${finding.group}: ${finding.name}`
    if (title !== heading) lines.push('', title)
    heading = title
    lines.push(line(finding))
  }
  return [HEAD, ...lines, '', ...verdictLines(verdict), ''].join('\n')
}

const HEAD = `${'a mean of 20 replications ± its 99 % interval'.padEnd(46)}theory   simulated ±`

function line({ allowance, covered, half, simulated, theory, what, wild }: Finding): string {
  const mark = covered ? '' : wild ? '  FAR OFF' : '  missed'
  const may = allowance > 0 ? `  (theory ± ${figure(allowance)})` : ''
  return `  ${what.padEnd(18)} ${figure(theory)} ${figure(simulated)} ± ${figure(half)}${may}${mark}`
}

function verdictLines(verdict: Verdict): string[] {
  const { checks, expected, misses, most, passed, wild } = verdict
  return [
    `${checks} intervals of 99 %: ${expected.toFixed(1)} misses are expected, ${misses} missed.`,
    `More than ${most} would have a chance below 1 in 10,000; ${wild} far off (none may be).`,
    passed ? 'The simulator agrees with theory.' : 'The simulator does not agree with theory.',
  ]
}

function figure(value: number): string {
  return value.toFixed(value < 10 ? 4 : 3).padStart(8)
}
