/**
 * `npm run experiments [-- NAME...]` repeats experiments, all or those named, and brings their folders and the index into step.
 *
 * With `--check` it writes nothing, and fails where anything would be another. With `--quick` it does so by the first run of each case alone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { firsts, report } from './files.ts'
import { type Answered, questions } from './index-page.ts'
import { CHAPTERS, EXPERIMENTS } from './list.ts'
import { inStep } from './page.ts'
import { estimate, expectation } from './words.ts'

const HERE = new URL('../', import.meta.url)
const known = Object.keys(EXPERIMENTS)
const flags = process.argv.slice(2).filter((word) => word.startsWith('--'))
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const quick = flags.includes('--quick')
const checks = quick || flags.includes('--check')
const wrong = [
  ...flags.filter((flag) => !['--check', '--quick'].includes(flag)),
  ...asked.filter((name) => !known.includes(name)),
]
if (wrong.length > 0) {
  console.error(`There is no ${wrong.join(', no ')}. There are: ${known.join(', ')}.`)
  process.exit(2)
}

for (const name of asked.length > 0 ? asked : known) {
  const begun = process.cpuUsage()
  if (quick) compareFirsts(name)
  else repeat(name)
  console.log(`  ${(process.cpuUsage(begun).user / 1e6).toFixed(1)} s`)
}
if (!quick) index()

function repeat(name: string): void {
  const page = read(`${name}/README.md`)
  const { answer, files, findings } = report(name, EXPERIMENTS[name], page)
  for (const [file, text] of Object.entries(files)) bring(`${name}/${file}`, text)
  console.log(`\n${name}\n  ${answer}`)
  for (const each of findings) {
    const fault = each.holds ? each.instead !== '' : each.instead === ''
    const word = fault ? 'WRONG' : each.holds ? 'holds' : 'explained'
    if (fault) process.exitCode = 1
    const seen = estimate({ mean: each.measured, half: each.half }, each.unit)
    console.log(`  ${word.padEnd(9)} ${each.says}: ${seen}, expected ${expectation(each)}`)
  }
}

function compareFirsts(name: string): void {
  const { cases } = JSON.parse(read(`${name}/results.json`)!) as { cases: { first: unknown }[] }
  const before = cases.map(({ first }) => first)
  console.log(name)
  if (!isDeepStrictEqual(firsts(EXPERIMENTS[name]), before)) differs(`${name}/results.json`)
}

function index(): void {
  const missing = known.filter((name) => read(`${name}/results.json`) === undefined)
  if (missing.length > 0) {
    console.log(`\nThe index waits for ${missing.join(', ')}.`)
    return
  }
  const answers = Object.fromEntries(known.map((name) => [name, answered(name)]))
  bring('README.md', inStep(read('README.md')!, { questions: questions(CHAPTERS, answers) }))
}

/** As the experiment's folder says. */
function answered(name: string): Answered {
  const { answer } = JSON.parse(read(`${name}/results.json`)!) as Answered
  const [, shows] = /<title>(.*)<\/title>/.exec(read(`${name}/chart.svg`)!)!
  return { answer, shows }
}

function bring(path: string, text: string): void {
  if (!checks) writeFileSync(new URL(path, HERE), text)
  else if (read(path) !== text) differs(path)
}

function differs(path: string): void {
  console.log(`  experiments/${path} is not what comes out`)
  process.exitCode = 1
}

function read(path: string): string | undefined {
  const file = new URL(path, HERE)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
