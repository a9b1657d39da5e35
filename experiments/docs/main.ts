/** `npm run docs`: brings the documents that speak of the registry into step with it. test/proxy/strategies/readme.test.ts checks. */
import { readFileSync, writeFileSync } from 'node:fs'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { inStep } from './strategies-page.ts'

const page = new URL('../../proxy/strategies/README.md', import.meta.url)
const before = readFileSync(page, 'utf8')
const after = inStep(before, STRATEGIES)
writeFileSync(page, after)
console.log(`proxy/strategies/README.md: ${after === before ? 'as it was' : 'brought into step'}`)
