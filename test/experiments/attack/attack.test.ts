import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ATTACKS } from '../../../experiments/attack/attacks.ts'
import { Field } from '../../../experiments/attack/field.ts'
import { attackTable } from '../../../experiments/attack/report.ts'

/** A second of each; `npm run attack` takes its time. */
const SECONDS = 1
const SETTLE = 0.1
const MIB = 2 ** 20

let field: Field
const { promise: over, resolve: end } = Promise.withResolvers<void>()
let playing: Promise<void>

beforeAll(async () => {
  await new Promise<void>((ready) => {
    playing = Field.with(async (given) => {
      field = given
      ready()
      await over
    })
  })
})

afterAll(async () => {
  end()
  await playing
})

describe.runIf(process.platform === 'linux')(
  'section 5: memory is bounded under attack, and others are served',
  () => {
    test.each([
      ['bodies, a byte a second (R.U.D.Y.)', 0.05],
      ['pipelined requests whose answers nobody reads', 0.1],
    ])('%s', async (name, share) => {
      const place = ATTACKS.findIndex((attack) => attack.name === name)
      const { before, connections, peak, witness, words } = await field.suffer(
        place,
        SECONDS,
        share,
        SETTLE,
      )
      expect(Object.values(words).reduce((sum, count) => sum + count, 0)).toBe(connections)
      expect(witness.failed).toBe(0)
      expect(witness.sent).toBeGreaterThan(0)
      // What this share of the attack costs, code that is compiled for it included.
      expect(peak - before).toBeLessThan(128 * MIB)
    })
  },
)

test('the table has a line an attack', () => {
  const seen = { sent: 10, failed: 1, p99: 1.2, longest: 3 }
  const finding = {
    name: 'noise',
    connections: 4,
    words: { '408, closed': 3, open: 1 },
    endedAfter: 10.04,
    before: 100 * MIB,
    peak: 101 * MIB,
    after: 100 * MIB,
    witness: seen,
  }
  const machine = { cpu: 'a', cores: 2, memory: 4, kernel: 'b', node: 'v0', commit: 'c', date: 'd' }
  expect(attackTable(machine, [finding]).split('\n').at(-1)).toBe(
    '| noise | 4 | 100 | 101 | 100 | 256 | 3 408, closed; 1 open | 10.0 s | 9 of 10 | 2 ms | 3 ms |',
  )
})
