import { parseArgs } from 'node:util'
import { campaign, type Side } from './campaign.ts'

/*
 * The long run: `npm run fuzz`, or `npm run fuzz -- --side answers`. What it prints at the end repeats a counterexample:
 * `npm run fuzz -- --side … --seed … --path …`.
 */
const { values } = parseArgs({
  options: {
    side: { type: 'string', default: 'requests' },
    runs: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '10' },
    lanes: { type: 'string', default: '12' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
})
const side: Side = values.side === 'answers' ? 'answers' : 'requests'
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const { path } = values
const started = performance.now()
const rate = (done: number): string => {
  const seconds = (performance.now() - started) / 1000
  return `${done} ${side} in ${seconds.toFixed(0)} s, ${(done / seconds).toFixed(0)}/s`
}
console.log(`seed ${seed}`)
const { counterexamples, done } = await campaign({
  side,
  seed,
  runs: path === undefined ? Number(values.runs) : 1,
  lanes: path === undefined ? Number(values.lanes) : 1,
  patience: Number(values.minutes) * 60_000,
  ...(path !== undefined && { path }),
  onProgress: (count) => {
    if (count % 5000 === 0) console.log(rate(count))
  },
})
for (const { input, path, seed, wrong } of counterexamples) {
  console.log(`\n${shorten(wrong)}\n${shorten(JSON.stringify(input))}`)
  console.log(`npm run fuzz -- --side ${side} --seed ${seed} --path ${path}`)
}
console.log(`${rate(done)}: ${counterexamples.length} counterexamples`)
process.exitCode = counterexamples.length > 0 ? 1 : 0

/** Long runs of one letter are told by their length. */
function shorten(text: string): string {
  return text.replace(/(.)\1{20,}/g, (run, letter: string) => `${letter}{${run.length}}`)
}
