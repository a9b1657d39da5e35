import { remarksOf } from '../../simulator/study/remarks.ts'
import { verdictOn } from '../../simulator/study/verdict-words.ts'
import { text } from '../sim/report-markdown.ts'
import { titleOf, turnsOf } from './curves.ts'
import { figureCells, figureTitles, headOf, runsWords } from './parts.ts'
import type { Found } from './report.ts'
import { flat } from './vary.ts'

/** For a README or a pull request: a table a scenario, and what its curves say. */
export function markdownReport(found: Found): string {
  const { curves, judge, outcomes } = found
  const lines = [`### ${text(headOf(found))}`, '']
  for (const name of new Set(outcomes.map((each) => each.found.scenario.name))) {
    const own = outcomes.filter((each) => each.found.scenario.name === name)
    const axes = [...new Set(own.flatMap(({ cell }) => Object.keys(cell.vary)))]
    const header = [...axes, 'ms', ...figureTitles(judge), 'verdict']
    const rows = own.flatMap(({ cell, found: { standings } }) =>
      standings.map((standing, i) => [
        ...axes.map((axis) => flat(cell.vary[axis])),
        standing.label,
        ...figureCells(standing, judge),
        i === 0 ? '' : verdictOn(judge, standing, standings[0]).text,
      ]),
    )
    const under = header.map((_, i) =>
      i <= axes.length || i === header.length - 1 ? '---' : '--:',
    )
    const table = [header, under, ...rows].map((row) => `| ${row.map(text).join(' | ')} |`)
    const remarks = new Set(own.flatMap((each) => remarksOf(each.found).map((one) => one.text)))
    const turns = curves
      .filter((curve) => curve.scenario === name)
      .flatMap((curve) => [`**${text(titleOf(curve))}**: ${text(turnsOf(curve))}`, ''])
    lines.push(
      `#### ${text(name)}`,
      '',
      `${text(runsWords(own[0].found))}.`,
      '',
      ...table,
      '',
      ...turns,
    )
    for (const remark of remarks) lines.push(text(remark), '')
  }
  return `${lines.join('\n')}Figures are means over seeds with their 95 % intervals; verdicts go by ${judge}.\n`
}
