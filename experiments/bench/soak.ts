/**
 * `npm run bench:soak`: does the proxy's memory stay flat? Under a million small requests, and while a body of a GiB goes
 * through in either direction, to a reader that keeps up and to one that does not.
 */
import { Command } from 'commander'
import { evenkeel, evenkeelPatient } from './contenders/evenkeel.ts'
import { describeMachine } from './machine.ts'
import { size, whole } from './numbers.ts'
import { save, writeJson } from './save.ts'
import { passBody, startBodyServer, type Passage } from './soak-bodies.ts'
import { soakLines, soakMarkdown, type SoakResult } from './soak-report.ts'
import { judge, soak } from './soak-requests.ts'
import { Stage } from './stage.ts'

interface Options {
  requests: number | false
  body: number | false
  connections: number
  json?: string
  save?: boolean
}

const WARMUP = 64 * 2 ** 20

const options = new Command('bench:soak')
  .description('resident memory of the proxy under many requests and large bodies')
  .option('--requests <number>', 'small requests to send', whole, 1_000_000)
  .option('--no-requests', 'only the bodies')
  .option('--body <size>', 'length of the large bodies', size, 2 ** 30)
  .option('--no-body', 'only the small requests')
  .option('--connections <number>', 'keep-alive connections for the small requests', whole, 64)
  .option('--json <file>', 'write the result to a file')
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .parse()
  .opts<Options>()

const result: SoakResult = {
  machine: describeMachine(),
  connections: options.connections,
  passages: [],
}

await Stage.with(async (stage) => {
  if (options.requests !== false) {
    const proxy = await stage.start(evenkeel)
    const { requests, connections } = options
    const found = await soak(stage, proxy, { requests, connections })
    result.soak = found
    result.verdict = judge(found.samples, found.requests)
    await proxy.stop()
  }
  if (options.body !== false) result.passages = await passBodies(stage, options.body)
})
console.log(soakLines(result).join('\n'))
if (options.json !== undefined) writeJson(options.json, result)
if (options.save) {
  console.log(`saved as ${save('soak', result.machine, result, soakMarkdown(result))}`)
}

async function passBodies(stage: Stage, length: number): Promise<Passage[]> {
  const { server, port } = await startBodyServer()
  try {
    const proxy = await stage.start(evenkeelPatient, [port])
    const passages: Passage[] = []
    for (const direction of ['download', 'upload'] as const) {
      // The buffers and the code that any body needs are not what grows with its length.
      await passBody(proxy, direction, 'fast', Math.min(length, WARMUP))
      for (const reader of ['fast', 'slow'] as const) {
        passages.push(await passBody(proxy, direction, reader, length))
      }
    }
    return passages
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
