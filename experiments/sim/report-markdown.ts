import { plural } from '../../simulator/format.ts'
import * as cells from './cells.ts'
import type { Study } from '../../simulator/study/study.ts'
import { remarksOf } from '../../simulator/study/remarks.ts'
import { verdictWords } from '../../simulator/study/verdict-words.ts'
import { spanOf, wordsOf } from '../../simulator/study/words.ts'

/** For a README or a pull request. */
export function markdownReport(found: Study): string {
  const { scenario, seeds, standings } = found
  const { duration, name, seed, warmup = 0 } = scenario
  const cut = warmup > 0 ? [`the first ${spanOf(warmup)} left out`] : []
  const runs = [
    plural(seeds.length, 'replication'),
    `${spanOf(duration)} each`,
    ...cut,
    `seed ${seed}`,
  ]
  const [first] = standings
  const rows = standings.map((standing, i) => {
    const { figures } = standing
    const verdict =
      i === 0
        ? ''
        : verdictWords(standing, first)
            .map(({ text, title }) => `${title} ${text}`.trim())
            .join('; ')
    return [
      standing.label,
      ...cells.times(figures).map(cells.together),
      cells.plainShare(figures.errors, 2),
      cells.jain(standing),
      cells.shareRange(standing),
      cells.retries(standing),
      cells.plainShare(figures.utilization),
      verdict,
    ]
  })
  const titles = ['ms', 'mean', 'p50', 'p95', 'p99', 'p99.9', 'errors', 'Jain', 'share', 'retries']
  const header = [...titles, 'busy', standings.length > 1 ? `against ${first.label}` : '']
  const table = [header, header.map((_, i) => (i === 0 || i === 11 ? '---' : '--:')), ...rows]
  return `${[
    `### ${text(name)}`,
    '',
    `${text([...wordsOf(scenario), ...runs].join(', '))}.`,
    '',
    ...table.map((row) => `| ${row.map(text).join(' | ')} |`),
    '',
    ...remarksOf(found).flatMap((remark) => [text(remark.text), '']),
    'Figures are means over replications with their 95 % intervals; retries are of 100 requests.',
  ].join('\n')}\n`
}

/** On one line, with nothing in it that Markdown would take for its own. */
export function text(given: string): string {
  return /^[-:]+$/.test(given)
    ? given
    : given.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]|#<~]/g, String.raw`\$&`)
}
