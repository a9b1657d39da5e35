import fc from 'fast-check'
import { describe, test } from 'vitest'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { commands, finish, type Model, Real } from './balancer-model.ts'

describe('whatever happens in whatever order, the balancer does what a much simpler model does', () => {
  for (const entry of STRATEGIES) {
    test(`with ${entry.name}`, () => {
      fc.assert(
        fc.property(commands, (commands) => {
          const model: Model = { servers: [], added: 0 }
          const real = new Real(entry)
          fc.modelRun(() => ({ model, real }), commands)
          finish(model, real)
        }),
        { numRuns: 150 },
      )
    })
  }
})
