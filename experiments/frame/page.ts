import { estimate, expectation, outcome } from './words.ts'
import type { Experiment } from './experiment.ts'
import type { Judged } from './finding.ts'
import type { Results } from './results.ts'

/** What a page gets from the results, part by part; everything else on it is written by people. */
export function partsOf(
  name: string,
  experiment: Experiment,
  results: Results,
  findings: readonly Judged[],
): Record<string, string> {
  return {
    answer: `# ${experiment.question}\n\n**${experiment.answer(results)}**\n\n![${experiment.chart(results).title}](chart.svg)`,
    findings: [
      '| expected | expectation | measured | |',
      '| --- | --- | --- | --- |',
      ...findings.map((each) => {
        const seen = estimate({ mean: each.measured, half: each.half }, each.unit)
        return `| ${each.says} | ${expectation(each)} | ${seen} | ${outcome(each)} |`
      }),
      '',
      `Means of ${results.replications} replications with 95 % intervals, all cases under the same seeds.`,
    ].join('\n'),
    repeat: `\`\`\`sh\nnpm run experiments -- ${name}\n\`\`\``,
  }
}

/** A page for an experiment that has none: to be gone over by a person. */
export const BLANK = [
  '<!-- answer -->\n<!-- /answer -->',
  '## What was expected, and what was found',
  '<!-- findings -->\n<!-- /findings -->',
  '## Repeat it',
  '<!-- repeat -->\n<!-- /repeat -->',
].join('\n\n')

/** The page with those parts of it replaced that are between `<!-- name -->` and `<!-- /name -->`. */
export function inStep(page: string, parts: Readonly<Record<string, string>>): string {
  let text = page
  for (const [name, part] of Object.entries(parts)) {
    const open = `<!-- ${name} -->`
    const from = text.indexOf(open)
    const to = text.indexOf(`<!-- /${name} -->`)
    if (from < 0 || to < from) throw new Error(`the page has no ${open} … <!-- /${name} -->`)
    text = `${text.slice(0, from + open.length)}\n${part}\n${text.slice(to)}`
  }
  return `${text.trimEnd()}\n`
}
