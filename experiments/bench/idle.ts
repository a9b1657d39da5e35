/** `npm run bench:idle`: what a client's connection costs the proxy that is kept open and says nothing, in resident memory. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { createCA, createCert } from 'mkcert'
import { type Contender } from './contenders/contender.ts'
import { evenkeel, startWith } from './contenders/evenkeel.ts'
import { type IdleRun, measureIdle } from './idle-connections.ts'
import { idleLines, idleMarkdown, type IdleResult } from './idle-report.ts'
import { describeMachine } from './machine.ts'
import { whole } from './numbers.ts'
import { save, writeJson } from './save.ts'
import { Stage } from './stage.ts'

interface Options {
  connections: number
  json?: string
  save?: boolean
}

const options = new Command('bench:idle')
  .description('resident memory of the proxy with many idle keep-alive connections')
  .option('--connections <number>', 'how many', whole, 10_000)
  .option('--json <file>', 'write the result to a file')
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .parse()
  .opts<Options>()

const machine = describeMachine()
const ca = await createCA({
  organization: 'Evenkeel',
  countryCode: 'XX',
  state: '-',
  locality: '-',
  validity: 1,
})
const pair = await createCert({ ca, domains: ['a.test'], validity: 1 })

/** Ours, with time for connections to be idle, and room for them. */
function patient(secure: boolean): Contender {
  return {
    ...evenkeel,
    name: secure ? 'evenkeel-idle-tls' : 'evenkeel-idle',
    command: (place) => {
      const config = join(place.folder, 'lb.json')
      writeFileSync(join(place.folder, 'cert.pem'), pair.cert)
      writeFileSync(join(place.folder, 'key.pem'), pair.key)
      const listen = secure ? { tls: { cert: 'cert.pem', key: 'key.pem' } } : {}
      const limits = { connections: false }
      writeFileSync(config, JSON.stringify({ listen, limits, timeouts: { clientIdle: '60m' } }))
      return startWith(place, ['--config', config, '--access-log', 'off'])
    },
  }
}

const runs: IdleRun[] = []
await Stage.with(async (stage) => {
  for (const secure of [false, true]) {
    const proxy = await stage.start(patient(secure))
    const { pid, port } = proxy
    runs.push(
      await measureIdle({ pid, port, ca: secure ? ca.cert : undefined }, options.connections),
    )
    await proxy.stop()
  }
})
const result: IdleResult = { machine, runs }
console.log(idleLines(result).join('\n'))
if (options.json !== undefined) writeJson(options.json, result)
if (options.save) console.log(`saved as ${save('idle', machine, result, idleMarkdown(result))}`)
