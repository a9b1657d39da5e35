/**
 * Runs k6.js without k6: `node test/load/k6-stand-in.ts ROUNDS [SPOILT]` loads it with the settings of this process's environment, lets
 * everybody have their turn so often, and prints its options and what happened as JSON. It shows that the script is JavaScript, and what it
 * asks, checks and books; not that k6 takes its options.
 */
import { registerHooks } from 'node:module'
import { seen, spoil } from './k6-modules.ts'

const MODULES = new URL('k6-modules.ts', import.meta.url).href

interface Script {
  readonly options: { readonly scenarios: Record<string, { readonly exec: string }> }
  readonly [exec: string]: unknown
}

registerHooks({
  resolve: (name, context, next) =>
    name === 'k6' || name.startsWith('k6/')
      ? { url: MODULES, shortCircuit: true }
      : next(name, context),
})
Object.assign(globalThis, { __ENV: process.env, __VU: 1 })

const [rounds, spoilt = ''] = process.argv.slice(2)
const script = (await import(new URL('k6.js', import.meta.url).href)) as Script
spoil(spoilt)
for (let round = 0; round < Number(rounds); round++) {
  for (const { exec } of Object.values(script.options.scenarios)) {
    const turn = script[exec] as () => void
    turn()
  }
}
console.log(JSON.stringify({ options: script.options, ...seen }))
