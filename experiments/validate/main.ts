/**
 * `npm run validate`: theory, simulated value and interval side by side, for everything that somebody has worked out. Ends with 1 if they do not
 * agree by the rules of judge.ts.
 */
import { writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { CASES, QUICK, replicate } from './cases.ts'
import { type Finding, judge, verdict } from './judge.ts'
import { report } from './report.ts'

interface Options {
  format: 'human' | 'json'
  out?: string
  quick?: boolean
  only?: string
}

const { format, only, out, quick } = new Command('validate')
  .description('the simulator against theory')
  .addOption(
    new Option('--format <name>', 'how to say it').choices(['human', 'json']).default('human'),
  )
  .option('--out <file>', 'write it to a file')
  .option('--only <words>', 'cases whose group or name has that in it')
  .option('--quick', 'few cases, a tenth of the length: what every test run does')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>()

const cases = CASES.filter(
  (each) => (quick !== true || each.quick) && `${each.group}: ${each.name}`.includes(only ?? ''),
)
const total = cases.reduce((sum, { checks }) => sum + checks.length, 0)
if (total === 0) {
  console.error(`no case has "${only}" in its name`)
  process.exit(2)
}
const findings: Finding[] = []
for (const each of cases) {
  process.stderr.write(`${each.group}: ${each.name} …\n`)
  findings.push(...judge(each, replicate(each, quick ? QUICK : 1), total))
}
const judged = verdict(findings)
const text =
  format === 'json'
    ? `${JSON.stringify({ findings, verdict: judged }, null, 2)}\n`
    : report(findings, judged)
if (out === undefined) process.stdout.write(text)
else writeFileSync(out, text)
if (!judged.passed) process.exitCode = 1
