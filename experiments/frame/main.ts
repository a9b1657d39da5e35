/** `npm run experiments [-- NAME...]`: repeats experiments, all or those named, and brings their folders and the index into step. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { report } from './files.ts'
import { type Answered, questions } from './index-page.ts'
import { CHAPTERS, EXPERIMENTS } from './list.ts'
import { inStep } from './page.ts'
import { estimate, expectation } from './words.ts'

const HERE = new URL('../', import.meta.url)
const known = Object.keys(EXPERIMENTS)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', no ')}. There are: ${known.join(', ')}.`)
  process.exit(2)
}

let broken = 0
for (const name of asked.length > 0 ? asked : known) {
  const begun = process.cpuUsage()
  const page = new URL(`${name}/README.md`, HERE)
  const { answer, files, findings } = report(
    name,
    EXPERIMENTS[name],
    existsSync(page) ? readFileSync(page, 'utf8') : undefined,
  )
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(new URL(`${name}/${file}`, HERE), text)
  }
  const seconds = (process.cpuUsage(begun).user / 1e6).toFixed(1)
  console.log(`\n${name} (${seconds} s)\n  ${answer}`)
  for (const each of findings) {
    const word = each.holds ? 'holds' : each.instead === '' ? 'DOES NOT HOLD' : 'explained'
    if (word === 'DOES NOT HOLD' || (each.holds && each.instead !== '')) broken++
    const seen = estimate({ mean: each.measured, half: each.half }, each.unit)
    console.log(`  ${word.padEnd(13)} ${each.says}: ${seen}, expected ${expectation(each)}`)
  }
}

const answers = Object.fromEntries(known.map((name) => [name, answered(name)]))
const index = new URL('README.md', HERE)
writeFileSync(
  index,
  inStep(readFileSync(index, 'utf8'), { questions: questions(CHAPTERS, answers) }),
)
if (broken > 0) process.exitCode = 1

/** As the experiment's folder says. */
function answered(name: string): Answered {
  const { answer } = JSON.parse(
    readFileSync(new URL(`${name}/results.json`, HERE), 'utf8'),
  ) as Answered
  const [, shows] = /<title>(.*)<\/title>/.exec(
    readFileSync(new URL(`${name}/chart.svg`, HERE), 'utf8'),
  )!
  return { answer, shows }
}
