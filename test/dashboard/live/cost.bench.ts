/**
 * `npm run bench:live`: what the live page costs whoever leaves it open: processor and memory of the page alone, as Chromium counts them, with
 * snapshots that come faster than a proxy sends them.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { describeMachine, machineLines } from '../../../experiments/bench/machine.ts'
import { above, whole } from '../../../experiments/bench/numbers.ts'
import { save } from '../../../experiments/bench/save.ts'
import { needBrowser } from '../../support/browser.ts'
import { Staged } from './staged.ts'

interface Options {
  servers: number
  rate: number
  seconds: number
  save?: boolean
}

const options = new Command('bench:live')
  .description('what the live page costs: time to its first paint, processor time, memory')
  .option('--servers <number>', 'in the pool', whole, 8)
  .option('--rate <number>', 'snapshots a second', above(0), 4)
  .option('--seconds <number>', 'that it is watched; 3600 to see the hour that it keeps', whole, 60)
  .option('--save', 'write it to experiments/bench/results, as JSON and Markdown')
  .parse()
  .opts<Options>()

/** What is drawn and compiled for the first time is not what a page costs that stays open. */
const WARM_UP = 5

const staged = await new Staged(
  Array.from({ length: options.servers }, (_, i) => `b${i + 1}`),
).listen()
staged.seconds(900, 20)
const browser = await needBrowser()
const opened = await browser.open(staged.url)
const { page } = opened
await page.setViewportSize({ width: 1440, height: 1000 })
staged.seconds(1)
await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
const paint = await page.evaluate<number>(
  `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
)
const devtools = await page.context().newCDPSession(page)
await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })

async function measured(): Promise<Record<string, number>> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

async function watch(seconds: number): Promise<void> {
  for (let i = 0; i < seconds * options.rate; i++) {
    staged.seconds(1)
    await pause(1000 / options.rate)
  }
}

await watch(WARM_UP)
const before = await measured()
const began = performance.now()
await watch(options.seconds)
const elapsed = (performance.now() - began) / 1000
const after = await measured()
await opened.close()
await browser.close()
staged.close()

const growth = (name: string): number => after[name] - before[name]
const result = {
  machine: describeMachine(),
  browser: browser.version,
  options,
  paint,
  busy: growth('TaskDuration') / elapsed,
  heap: after['JSHeapUsedSize'],
  heapGrowth: growth('JSHeapUsedSize'),
  nodesGrowth: growth('Nodes'),
}
const { servers, rate, seconds } = options
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const text = `# What the live page costs

${servers} servers, ${rate} snapshots a second for ${seconds} s, Chromium ${browser.version}.

| figure | value | target |
| --- | ---: | ---: |
| first contentful paint, on loopback | ${Math.round(paint)} ms | 1000 ms |
| main thread, of a core | ${(result.busy * 100).toFixed(1)} % | 15 % |
| heap at the end | ${megabytes(result.heap)} | |
| heap more than at the beginning | ${megabytes(result.heapGrowth)} | a row a snapshot, for an hour's rows at most |
| nodes more than at the beginning | ${result.nodesGrowth} | 0 |

${machineLines(result.machine).join('\n')}
`
console.log(text)
if (options.save === true) console.log(save('live', result.machine, result, text))
