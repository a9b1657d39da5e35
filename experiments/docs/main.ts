/** `npm run docs`: brings the documents that repeat the code into step with it. test/proxy/strategies/readme.test.ts and the tests in test/experiments/docs check. */
import { readFileSync, writeFileSync } from 'node:fs'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { families } from './families.ts'
import { operatorsInStep } from './operators-page.ts'
import { scenariosInStep } from './scenarios-page.ts'
import { inStep } from './strategies-page.ts'

bring('proxy/strategies/README.md', (page) => inStep(page, STRATEGIES))
bring('simulator/README.md', scenariosInStep)
const metrics = await families()
bring('docs/operators.md', (page) => operatorsInStep(page, metrics))

function bring(name: string, change: (page: string) => string): void {
  const page = new URL(`../../${name}`, import.meta.url)
  const before = readFileSync(page, 'utf8')
  const after = change(before)
  writeFileSync(page, after)
  console.log(`${name}: ${after === before ? 'as it was' : 'brought into step'}`)
}
