/** `npm run attack`: what clients that mean harm cost the proxy and everybody else. Loopback only. */
import { readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { describeMachine } from '../bench/machine.ts'
import { whole } from '../bench/numbers.ts'
import { ATTACKS } from './attacks.ts'
import { Field, type Finding, SETTLE } from './field.ts'
import { hasSlowhttptest, SLOWHTTPTEST, slowhttptest } from './others.ts'
import { attackTable } from './report.ts'

interface Options {
  seconds: number
  only?: string
  save?: boolean
}

const options = new Command('attack')
  .description(
    'attacks a proxy with default settings: its memory, and how others are served meanwhile',
  )
  .option('--seconds <number>', 'how long each lasts, at most', whole, 15)
  .option('--only <word>', 'only those with this word in their name')
  .option('--save', 'write the table to experiments/attack/README.md')
  .parse()
  .opts<Options>()

const machine = describeMachine()
const findings: Finding[] = []
const wanted = (name: string): boolean => name.includes(options.only ?? '')
await Field.with(async (field) => {
  const told = (finding: Finding): void => {
    findings.push(finding)
    console.error(attackTable(machine, [finding]).split('\n').at(-1))
  }
  for (const [place, { name }] of ATTACKS.entries()) {
    if (wanted(name)) told(await field.suffer(place, options.seconds))
  }
  if (await hasSlowhttptest()) {
    for (const { connections, flags, name } of SLOWHTTPTEST) {
      if (!wanted(name)) continue
      const run = (port: number) => slowhttptest(flags, port, connections, options.seconds)
      told(await field.watch(name, connections, SETTLE, run))
    }
  } else {
    console.error('slowhttptest is not installed: its three attacks were not made')
  }
})
const table = attackTable(machine, findings)
console.log(table)
if (options.save) {
  const file = new URL('README.md', import.meta.url)
  const [start, end] = ['<!-- results -->', '<!-- end of results -->']
  const text = readFileSync(file, 'utf8')
  const [before] = text.split(start)
  const after = text.split(end)[1]
  writeFileSync(file, `${before}${start}\n\n${table}\n\n${end}${after}`)
}
